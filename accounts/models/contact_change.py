"""Another phone or e-mail address for an opened account: proved before it replaces the old one."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.encryption import EncryptedTextField


class ContactChangeQuerySet(models.QuerySet["ContactChange"]):
    """Filters over changes."""

    def in_force(self) -> "ContactChangeQuerySet":
        return self.filter(changed_at__isnull=False, undone_at=None)


class ContactChange(models.Model):
    """What shall be reached from now on, and what was reached before; empty means unchanged.

    The old phone and address are both kept when the change is made: undoing it brings both back,
    whatever else was changed since. `attempt` is what the code to a new phone is bound to.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="contact_changes"
    )
    attempt = models.UUIDField(default=uuid.uuid4, unique=True)
    phone = EncryptedTextField(blank=True, default="")
    email = EncryptedTextField(blank=True, default="")
    old_phone = EncryptedTextField(blank=True, default="")
    old_email = EncryptedTextField(blank=True, default="")
    # In which log-in it was asked for: that session goes on when the change is made.
    log_in_id = models.BigIntegerField(null=True)
    requested_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects = ContactChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(phone="", email=""), name="contact_change_changes_something"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(changed_at__isnull=False),
                name="contact_change_undone_was_made",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.requested_at:%Y-%m-%d %H:%M}"
