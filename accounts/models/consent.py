"""Consents: which words of the privacy notice somebody agreed to, in which language, and when."""

from django.conf import settings
from django.db import models


class Consent(models.Model):
    """One consent of the history; the newest is also on the user."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="consents")
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=2)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "version"], name="consent_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.version}"
