"""Browsers from which no second code is asked."""

from datetime import datetime

from django.conf import settings
from django.db import models

from accounts.models.secrets import secret_hash


class KnownDeviceQuerySet(models.QuerySet["KnownDevice"]):
    """Filters over known devices."""

    def good(self, at: datetime) -> "KnownDeviceQuerySet":
        """Devices still remembered."""
        return self.filter(expires_at__gt=at)

    def with_secret(self, secret: str) -> "KnownDeviceQuerySet":
        """The rows of the browser whose cookie holds this secret; it may know several people."""
        return self.filter(secret_hash=secret_hash(secret))


class KnownDevice(models.Model):
    """One browser that proved itself for one user; the cookie's secret is kept as a hash.

    `secret` is there only on a row that was just made or renewed, to be put into the cookie.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="known_devices")
    secret_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = KnownDeviceQuerySet.as_manager()
    secret = ""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["secret_hash", "user"], name="known_device_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.secret_hash[:8]}…"
