"""The user's phone, and the six-digit codes sent to it.

Codes are bound to what they are for and to one browser's attempt; only a keyed hash is kept. A
new code leaves the earlier ones of its attempt good until they expire: an SMS may come late.
"""

import hmac
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django_otp.models import SideChannelDevice

from foundation.encryption import keyed_digest

DIGITS = 6


class Purpose(models.TextChoices):
    """What a code proves."""

    SIGN_UP = "sign_up"
    LOG_IN = "log_in"
    RESET = "reset"
    PROOF = "proof"
    NEW_PHONE = "new_phone"


class Channel(models.TextChoices):
    """By what a code is sent."""

    SMS = "sms"
    EMAIL = "email"


class PhoneDevice(SideChannelDevice):  # type: ignore[misc]
    """A user's phone: django-otp's side-channel device, with many hashed codes for its one token.

    A device without a row is nobody's phone: it has no codes, and answers as any other does.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="phone_device"
    )
    token = None
    valid_until = None

    def unused_codes(self, purpose: str, attempt: UUID) -> models.QuerySet["Code"]:
        """The codes made for one attempt that have proved nothing yet."""
        return Code.objects.filter(
            device=self.pk, purpose=purpose, attempt=attempt, used_at=None
        ).exclude(code_hash="")

    def generate_token(self, code: "Code", *, at: datetime) -> str:
        """Makes the digits of a requested code; the row keeps their hash and their end.

        Made once more, because the gateway did not answer, they are the same: the first SMS may
        have gone out all the same.
        """
        digits = code.digits
        code.code_hash = code.hash_of(digits)
        code.expires_at = at + settings.CODE_LIFE
        code.save(update_fields=["code_hash", "expires_at"])
        self._end_oldest(code, at)
        return digits

    def _end_oldest(self, code: "Code", at: datetime) -> None:
        """Of one attempt only so many codes are good at once: the oldest gives way."""
        most, _life = settings.LIMITS["live_codes"]
        live = self.unused_codes(code.purpose, code.attempt).filter(expires_at__gt=at)
        ended = list(live.order_by("-pk").values_list("pk", flat=True)[most:])
        Code.objects.filter(pk__in=ended).update(expires_at=at)

    def verify_token(
        self,
        token: str,
        *,
        purpose: str = "",
        attempt: UUID | None = None,
        at: datetime | None = None,
    ) -> bool:
        """True for a good code of this attempt, which it uses up together with its siblings.

        Outside of an attempt nothing is good: the staff desk takes authenticators only.
        """
        if attempt is None or at is None:
            return False
        return self.use_code(token, purpose=purpose, attempt=attempt, at=at) is not None

    def use_code(self, token: str, *, purpose: str, attempt: UUID, at: datetime) -> "Code | None":
        """The good code of this attempt with these digits, used up together with its siblings."""
        with transaction.atomic():
            codes = self.unused_codes(purpose, attempt)
            # The rows are locked: of two tabs that send one code together, one wins.
            good = [code for code in codes.select_for_update() if code.is_good(token, at)]
            if good:
                codes.update(used_at=at)
        return good[0] if good else None

    def has_expired_token(self, token: str, *, purpose: str, attempt: UUID, at: datetime) -> bool:
        """True when the code was right for this attempt but came too late."""
        codes = list(self.unused_codes(purpose, attempt))
        is_late = [code.matches(token) and not code.is_live(at) for code in codes]
        return any(is_late) and not any(code.is_good(token, at) for code in codes)


class Code(models.Model):
    """One code: requested by a service, made by the worker that sends it, used up once.

    When it was sent and whether it arrived stands on its outbox row, as of every message.
    Without a device it is nobody's: it keeps a request that matched no account as slow as others.
    """

    device = models.ForeignKey(PhoneDevice, models.CASCADE, null=True, related_name="codes")
    purpose = models.CharField(max_length=10, choices=Purpose)
    attempt = models.UUIDField(db_index=True)
    requested_at = models.DateTimeField()
    channel = models.CharField(max_length=5, choices=Channel, default=Channel.SMS)
    seed = models.UUIDField(default=uuid4, editable=False)
    code_hash = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["requested_at"], name="code_requested")]
        constraints = [
            models.CheckConstraint(
                condition=Q(code_hash="", expires_at=None)
                | (~Q(code_hash="") & Q(expires_at__isnull=False)),
                name="code_made_pair",
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.requested_at:%H:%M:%S}"

    @property
    def digits(self) -> str:
        """Its digits, drawn from its random seed under a key that the database lacks."""
        drawn = int(keyed_digest(f"digits:{self.purpose}:{self.attempt}", str(self.seed)), 16)
        return f"{drawn % 10**DIGITS:0{DIGITS}d}"

    def hash_of(self, digits: str) -> str:
        """The keyed hash of digits for this row's purpose and attempt."""
        return keyed_digest(f"code:{self.purpose}:{self.attempt}", digits)

    def matches(self, digits: str) -> bool:
        """True when these are its digits, in constant time."""
        return hmac.compare_digest(self.hash_of(digits), self.code_hash)

    def is_live(self, at: datetime) -> bool:
        return self.expires_at is not None and at < self.expires_at

    def is_good(self, digits: str, at: datetime) -> bool:
        return self.matches(digits) and self.is_live(at)
