"""Which registrations: the ways in which rows of them are looked for."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Replace, Upper

if TYPE_CHECKING:
    from accounts.models import User
    from registration.models.registrations import Registration

# A plate without its spaces; searching it is what the trigram index is for.
PLATE = Upper(Replace("vehicle_number", Value(" "), Value("")))

# What an officer must look at, and since when; the queue's index is built of the two.
WAITING = Q(status="submitted", queued_at__isnull=False) | Q(status="referred")
WAITS_FROM = Coalesce("queued_at", "submitted_at")
# Those for which another contribution may be paid.
PAYABLE = frozenset({"submitted", "approved"})
SENT_AGAIN = Q(submitted_at__gt=F("decided_at"))  # after an officer had decided on it


class RegistrationQuerySet(models.QuerySet["Registration"]):
    """Filters over registrations."""

    def for_user(self, user: "User") -> "RegistrationQuerySet":
        """Their own, the one worked on last first: the only way that pages fetch them."""
        return self.filter(user=user).select_related("user").order_by("-chosen_at", "-pk")

    def unrejected(self) -> "RegistrationQuerySet":
        return self.exclude(status="rejected")

    def current(self) -> "Registration | None":
        """The one that the driver chose last, which the pages work on."""
        return self.unrejected().order_by("-chosen_at", "-pk").first()

    def renewable(self) -> "RegistrationQuerySet":
        return self.filter(status__in=PAYABLE)

    def awaiting_review(self) -> "RegistrationQuerySet":
        """What an officer must look at, oldest first: paid submissions, and referred ones."""
        return self.filter(WAITING).order_by(WAITS_FROM, "pk")

    def with_paid_at(self) -> "RegistrationQuerySet":
        """Adds `paid_at`, the moment on its last receipt; None when nothing was paid for it."""
        return self.annotate(paid_at=models.Max("contributions__receipt__issued_at"))

    def with_plate(self, written: str) -> "RegistrationQuerySet":
        """Those whose vehicle's plate holds what was typed, whatever the spaces and capitals."""
        sought = "".join(written.upper().split())
        return self.alias(plate=PLATE).filter(plate__contains=sought)

    def stale_drafts(self, before: datetime) -> "RegistrationQuerySet":
        """Drafts never submitted that nobody has worked on since."""
        return self.filter(status="draft", submitted_at=None, chosen_at__lt=before)
