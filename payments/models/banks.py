"""The banks of FPX's last list."""

from datetime import datetime

from django.db import models


class BankQuerySet(models.QuerySet["Bank"]):
    """Filters over banks."""

    def listed_since(self, at: datetime) -> "BankQuerySet":
        return self.filter(listed_at__gte=at)


class Bank(models.Model):
    """A bank of FPX's last list; names are ours, FPX sends ids only."""

    bank_id = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=60)
    is_online = models.BooleanField()
    listed_at = models.DateTimeField()

    is_last = False  # whether the payer took it last, where it is offered

    objects = BankQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
