"""A copy of everything that we hold about somebody: asked for by them, made by the worker."""

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models.user import User

# How long somebody may fetch the copy of everything about them.
COPY_LIFE = timedelta(hours=24)


class PersonalCopyQuerySet(models.QuerySet["PersonalCopy"]):
    """Filters over copies."""

    def for_user(self, user: "User") -> "PersonalCopyQuerySet":
        """Their own: the only way that pages and files fetch copies."""
        return self.filter(user=user)

    def ended(self, at: datetime) -> "PersonalCopyQuerySet":
        """Those whose link is dead and whose file still lies there."""
        return self.filter(made_at__lte=at - COPY_LIFE).exclude(file="")


class PersonalCopy(models.Model):
    """One zip in private storage; its link lives for a day."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="copies")
    requested_at = models.DateTimeField()
    file = models.FileField(max_length=120, blank=True)
    size = models.PositiveIntegerField(default=0, help_text="Bytes.")
    made_at = models.DateTimeField(null=True)

    objects = PersonalCopyQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(file="") | Q(made_at__isnull=False), name="personal_copy_file_is_made"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(made_at=None), name="personal_copy_one_in_the_making"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.requested_at:%Y-%m-%d %H:%M}"

    @property
    def ends_at(self) -> datetime | None:
        """When the link dies; None while the file is being made."""
        return self.made_at and self.made_at + COPY_LIFE

    def is_open(self, at: datetime) -> bool:
        """True while its file may be fetched."""
        return self.ends_at is not None and at < self.ends_at and bool(self.file)
