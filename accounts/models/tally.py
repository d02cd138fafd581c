"""Counted tries: how often somebody asked for something since a moment.

They live in the database, so that a limit holds when the cache is gone. What is counted is named
by a blind index: a stolen table tells neither phones nor IC numbers.
"""

from django.db import models


class Tally(models.Model):
    """The tries of one limit by one phone, attempt, account or network in its present window."""

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["started_at"], name="tally_started")]

    def __str__(self) -> str:
        return f"{self.key[:8]}… {self.count}"
