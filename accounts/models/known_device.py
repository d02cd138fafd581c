"""Browsers from which no second code is asked."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Subquery

from accounts.models.log_in import LogIn
from accounts.models.secrets import secret_hash

if TYPE_CHECKING:
    from accounts.models.user import User

KNOWN_DEVICE_LIFE = timedelta(days=30)


class KnownDeviceQuerySet(models.QuerySet["KnownDevice"]):
    """Filters over known devices."""

    def good(self, at: datetime) -> "KnownDeviceQuerySet":
        return self.filter(expires_at__gt=at)

    def with_secret(self, secret: str) -> "KnownDeviceQuerySet":
        """The rows of the browser whose cookie holds this secret; it may know several people."""
        return self.filter(secret_hash=secret_hash(secret))

    def for_user(self, user: "User", at: datetime) -> "KnownDeviceQuerySet":
        """Their own that are still remembered, with `browser` and `last_used_at` if ever used."""
        log_ins = LogIn.objects.filter(device=OuterRef("pk"))
        return (
            self.good(at)
            .filter(user=user)
            .annotate(
                browser=Subquery(log_ins.values("browser")[:1]),
                last_used_at=Subquery(log_ins.values("at")[:1]),
            )
            .order_by("-created_at", "-pk")
        )


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
