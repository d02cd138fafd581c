"""An officer's claim: for ten minutes a case is theirs, and nobody else decides it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from registration.models.registrations import Registration

if TYPE_CHECKING:
    from accounts.models import User

# For so long a case is one officer's.
CLAIM_LIFE = timedelta(minutes=10)


class ReviewClaimQuerySet(models.QuerySet["ReviewClaim"]):
    """Filters over claims."""

    def live(self, at: datetime) -> "ReviewClaimQuerySet":
        return self.filter(claimed_at__gt=at - CLAIM_LIFE)

    def of_others(self, officer: "User") -> "ReviewClaimQuerySet":
        return self.exclude(officer=officer)


class ReviewClaim(models.Model):
    """Which officer looks at a registration; the row of one that ran out is simply taken over."""

    registration = models.OneToOneField(
        Registration, models.CASCADE, related_name="claim", primary_key=True
    )
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField()

    objects = ReviewClaimQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["officer", "claimed_at"], name="claim_of_officer")]

    def __str__(self) -> str:
        return f"{self.officer} {self.claimed_at:%H:%M}"

    @property
    def ends_at(self) -> datetime:
        """When another officer may take the case."""
        return self.claimed_at + CLAIM_LIFE

    def is_live(self, at: datetime) -> bool:
        return at < self.ends_at
