"""Links that are mailed: random, kept as a hash, good for one purpose, once, for a while."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.contact_change import ContactChange
from accounts.models.secrets import drawn_secret, secret_hash

EMAIL_LINK_LIFE = timedelta(hours=24)
RECOVERY_LINK_LIFE = timedelta(days=7)


class EmailLinkQuerySet(models.QuerySet["EmailLink"]):
    """Filters over links."""

    def with_token(self, token: str) -> "EmailLinkQuerySet":
        return self.filter(token_hash=secret_hash(token))

    def unused(self) -> "EmailLinkQuerySet":
        """Links that did not do their work and were not replaced."""
        return self.filter(used_at=None, superseded_at=None)

    def good_for(self, purpose: str, at: datetime) -> "EmailLinkQuerySet":
        """Links that still open, and those that the worker has yet to make."""
        is_live = Q(expires_at=None) | Q(expires_at__gt=at)
        return self.unused().filter(is_live, purpose=purpose)

    def died_unused(self, purpose: str, at: datetime) -> "EmailLinkQuerySet":
        """Links that did not do their work and never will."""
        is_dead = Q(superseded_at__isnull=False) | Q(expires_at__lte=at)
        return self.filter(is_dead, purpose=purpose, used_at=None)


class EmailLink(models.Model):
    """One link: requested by a service, made and mailed by the worker, used up by a POST."""

    class Purpose(models.TextChoices):
        ACTIVATE = "activate"
        RESET = "reset"
        OFFICER = "officer"
        NEW_EMAIL = "new_email"
        UNDO = "undo"
        STOP = "stop"
        RECOVER = "recover"

    # Of these the newest is good; strangers may ask for a RESET, and must not kill the owner's.
    REPLACED = frozenset(set(Purpose) - {Purpose.RESET})
    TO_NEW_ADDRESS = frozenset({Purpose.NEW_EMAIL, Purpose.RECOVER})
    REPLACEABLE = frozenset({Purpose.ACTIVATE, Purpose.RESET})

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=10, choices=Purpose)
    contact_change = models.ForeignKey(
        ContactChange, models.CASCADE, null=True, related_name="links"
    )
    seed = models.UUIDField(default=uuid4, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 (not made yet)
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)

    objects = EmailLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(token_hash=None, expires_at=None)
                | Q(token_hash__isnull=False, expires_at__isnull=False),
                name="link_made_pair",
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.user_id}"

    @property
    def is_replaceable(self) -> bool:
        """True when whoever holds an outdated one may have a new one sent."""
        return self.purpose in self.REPLACEABLE

    @property
    def siblings(self) -> "EmailLinkQuerySet":
        """The unused links for the same end, this one included."""
        return EmailLink.objects.unused().filter(
            user_id=self.user_id, purpose=self.purpose, contact_change=self.contact_change_id
        )

    @property
    def address(self) -> str:
        """Where it is mailed: to the user, or to the address that a change is about."""
        if self.contact_change and self.purpose in self.TO_NEW_ADDRESS:
            return str(self.contact_change.email)
        if self.contact_change and self.purpose == self.Purpose.UNDO:
            return str(self.contact_change.old_email)
        return str(self.user.email)

    @property
    def life(self) -> timedelta:
        """How long a link of this purpose is good."""
        lives = {
            self.Purpose.RESET: settings.RESET_LINK_LIFE,
            self.Purpose.RECOVER: RECOVERY_LINK_LIFE,
        }
        return lives.get(self.Purpose(self.purpose), EMAIL_LINK_LIFE)

    def make_token(self, at: datetime) -> str:
        """Makes the token, keeps its hash, and puts older links of the same purpose out of use.

        Made once more it is the same: a mail server that did not answer may have sent it all the
        same.
        """
        token = drawn_secret("link", self.seed)
        self.token_hash = secret_hash(token)
        self.expires_at = at + self.life
        self.save(update_fields=["token_hash", "expires_at"])
        if self.purpose in self.REPLACED:
            self.siblings.filter(pk__lt=self.pk).update(superseded_at=at)
        return token

    def why_closed(self, at: datetime) -> str:
        """Why it does not open any more: "used", "superseded", "expired"; empty while it does."""
        if self.used_at is not None:
            return "used"
        if self.superseded_at is not None:
            return "superseded"
        return "expired" if self.expires_at is None or self.expires_at <= at else ""
