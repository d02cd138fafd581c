"""A copy of everything that we hold about somebody: asked for by them, made by the worker."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.made_file import MadeFile, MadeFileQuerySet

if TYPE_CHECKING:
    from accounts.models.user import User


class PersonalCopyQuerySet(MadeFileQuerySet["PersonalCopy"]):
    """Filters over copies."""

    def for_user(self, user: "User") -> "PersonalCopyQuerySet":
        """Their own: the only way that pages and files fetch copies."""
        return self.filter(user=user)


class PersonalCopy(MadeFile):
    """One zip."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="copies")
    size = models.PositiveIntegerField(default=0, help_text="Bytes.")

    objects = PersonalCopyQuerySet.as_manager()

    class Meta(MadeFile.Meta):
        constraints = [
            *MadeFile.Meta.constraints,
            models.UniqueConstraint(
                fields=["user"], condition=Q(made_at=None), name="personal_copy_one_in_the_making"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.requested_at:%Y-%m-%d %H:%M}"
