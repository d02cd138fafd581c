"""The history of log-ins, which the driver sees in their profile."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef

from accounts.models.session import Session

if TYPE_CHECKING:
    from accounts.models.user import User


class LogInQuerySet(models.QuerySet["LogIn"]):
    """Filters over log-ins."""

    def for_user(self, user: "User") -> "LogInQuerySet":
        """Their own, the newest first."""
        return self.filter(user=user)

    def with_is_open(self, at: datetime) -> "LogInQuerySet":
        """Tells of each whether its session still runs, as `is_open`."""
        return self.annotate(
            is_open=Exists(Session.objects.live(at).filter(log_in_id=OuterRef("pk")))
        )


class LogIn(models.Model):
    """Somebody logged in; `device` is there while the browser is a known one."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="log_ins")
    device = models.ForeignKey(
        "accounts.KnownDevice", models.SET_NULL, null=True, related_name="log_ins"
    )
    browser = models.CharField(max_length=60)
    at = models.DateTimeField()

    objects = LogInQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.at:%Y-%m-%d %H:%M}"
