"""A payment: one attempt to pay a contribution through one bank."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from contributions.models import Contribution
from foundation import triggers
from foundation.encryption import EncryptedTextField
from foundation.states import StatusChange, Transitions

if TYPE_CHECKING:
    from accounts.models import User

# When nobody can still be on the bank's pages: an unseen attempt expires, a waiting one gives way.
FPX_ATTEMPT_LIFE = timedelta(minutes=20)
# Undecided for longer, a payment becomes a case for an officer.
FPX_DECISION_LIMIT = timedelta(hours=72)


# Most banks have answered by then.
SOON_DECIDED = timedelta(minutes=15)
# A button tapped twice sends two requests within this time.
DOUBLE_TAP = timedelta(seconds=5)
# What one honest clock may be ahead of another.
_CLOCKS_DIFFER = timedelta(minutes=2)
_ASKED_FOR = "'payment % is what was asked for', OLD.reference"


class PaymentQuerySet(models.QuerySet["Payment"]):
    """Filters over payments."""

    def for_user(self, user: "User") -> "PaymentQuerySet":
        """Their own: the only way that pages fetch payments."""
        return self.filter(contribution__registration__user=user)

    def undecided(self) -> "PaymentQuerySet":
        return self.filter(status__in=[Payment.Status.STARTED, Payment.Status.PENDING])

    def late(self, at: datetime) -> "PaymentQuerySet":
        """Undecided for longer than most banks take."""
        return self.undecided().filter(started_at__lt=at - SOON_DECIDED)

    def holding(self, at: datetime) -> "PaymentQuerySet":
        """Those that what is owed is kept for: undecided, or a young "no" that is asked about."""
        unsure = self.filter(status=Payment.Status.FAILED, next_enquiry_at__isnull=False)
        return self.undecided() | unsure.filter(started_at__gt=at - FPX_ATTEMPT_LIFE)

    def to_enquire(self, at: datetime) -> "PaymentQuerySet":
        """Those that FPX is to be asked about by now, longest waiting first.

        One that was asked about in the future was so by a clock that was ahead, and is due too.
        """
        due = Q(next_enquiry_at__lte=at) | Q(last_enquired_at__gt=at + _CLOCKS_DIFFER)
        return self.filter(due, next_enquiry_at__isnull=False).order_by("next_enquiry_at")

    def unseen(self) -> "PaymentQuerySet":
        """Undecided, and FPX said that it has not seen them, long enough after the start.

        One that FPX has named a transaction for it has seen, whatever it says now.
        """
        return self.undecided().filter(
            enquiry_code=Payment.UNSEEN_CODE,
            fpx_transaction_id="",
            last_enquired_at__gte=F("started_at") + FPX_ATTEMPT_LIFE,
        )

    def overdue(self, at: datetime) -> "PaymentQuerySet":
        """Undecided for so long that an officer must look."""
        return self.undecided().filter(started_at__lte=at - FPX_DECISION_LIMIT)


class Payment(models.Model):
    """One attempt to pay a contribution through one bank."""

    class Status(models.TextChoices):
        """What is known of the attempt; "failed" and "expired" are opinions, "paid" is a fact."""

        STARTED = "started", _("Dimulakan")
        PENDING = "pending", _("Sedang disahkan")
        SUCCEEDED = "succeeded", _("Berjaya")
        FAILED = "failed", _("Tidak berjaya")
        EXPIRED = "expired", _("Tamat masa")

    TRANSITIONS: ClassVar[Transitions] = {
        Status.STARTED: {Status.PENDING, Status.SUCCEEDED, Status.FAILED, Status.EXPIRED},
        Status.PENDING: {Status.SUCCEEDED, Status.FAILED, Status.EXPIRED},
        Status.FAILED: {Status.SUCCEEDED},
        Status.EXPIRED: {Status.SUCCEEDED},
        Status.SUCCEEDED: set(),
    }
    TONES: ClassVar[dict[str, str]] = {
        Status.STARTED: "info",
        Status.PENDING: "info",
        Status.SUCCEEDED: "success",
        Status.FAILED: "error",
        Status.EXPIRED: "neutral",
    }

    # Answers to an enquiry that have a say of their own.
    UNSEEN_CODE: ClassVar[str] = "76"
    WAITING_CODE: ClassVar[str] = "09"

    reference = models.CharField(max_length=20, unique=True)
    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="payments")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.STARTED)
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    bank_id = models.CharField(max_length=10)
    bank_name = models.CharField(max_length=60)
    request = EncryptedTextField(help_text="The signed AR, every field as sent, as JSON.")
    language = models.CharField(
        max_length=2, default="ms", help_text="Of the page that the payer left and returns to."
    )
    started_at = models.DateTimeField()
    handed_out_at = models.DateTimeField(
        null=True, blank=True, help_text="When a browser last got the request to take to FPX."
    )
    last_enquired_at = models.DateTimeField(null=True, blank=True)
    next_enquiry_at = models.DateTimeField(null=True, blank=True)
    enquiry_code = models.CharField(max_length=2, blank=True, help_text="The last AE's answer.")
    # The last that FPX named; once paid, the one that paid it.
    fpx_transaction_id = models.CharField(max_length=20, blank=True)
    fpx_transaction_at = models.DateTimeField(null=True, blank=True)
    debit_code = models.CharField(max_length=2, blank=True)
    credit_code = models.CharField(max_length=2, blank=True)
    authorisation_pending_at = models.DateTimeField(
        null=True, blank=True, help_text="When code 99 was first stored."
    )
    credited_at = models.DateTimeField(null=True, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["fpx_transaction_id"],
                condition=Q(status="succeeded"),
                name="payment_fpx_transaction_credited_once",
            ),
            models.CheckConstraint(
                condition=~Q(status="succeeded") | Q(credited_at__isnull=False),
                name="payment_succeeded_is_credited",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_enquiry_at"],
                condition=Q(next_enquiry_at__isnull=False),
                name="payment_to_enquire",
            )
        ]
        triggers = [
            *triggers.life_cycle(),
            triggers.Refusal(
                "facts_stay",
                pgtrigger.Update,
                _ASKED_FOR,
                condition=pgtrigger.AnyChange(
                    *("reference", "contribution", "amount", "bank_id", "bank_name", "started_at")
                ),
            ),
            triggers.only_resealed("request", _ASKED_FOR),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_undecided(self) -> bool:
        return self.status in {self.Status.STARTED, self.Status.PENDING}

    @property
    def is_unsure(self) -> bool:
        """True while a "no" is to be asked about once more."""
        return self.status == self.Status.FAILED and self.next_enquiry_at is not None

    def blocks_another(self, at: datetime) -> bool:
        """True while another attempt for the contribution must wait for this one.

        After its life an attempt whose bank still has not decided lets the payer begin another,
        and so does a "no" that could not be asked about again.
        """
        if self.is_undecided:
            return not (self.may_be_charged_twice or self.anomalies)
        return self.is_unsure and at < self.ends_at

    @property
    def may_be_charged_twice(self) -> bool:
        """True when it gave way to another attempt though the bank may still take the money."""
        is_open = self.is_undecided or self.is_unsure or self.status == self.Status.EXPIRED
        is_waiting = is_open and self.enquiry_code == self.WAITING_CODE
        return (
            (is_waiting and self.was_asked_late)
            or self.contradicts_itself
            or self.is_looked_into
            or self.was_given_up
        )

    @property
    def was_asked_late(self) -> bool:
        """True when FPX was last asked after nobody could be on the bank's pages any more."""
        return (self.last_enquired_at or self.started_at) >= self.ends_at

    @property
    def contradicts_itself(self) -> bool:
        """True when FPX has named a transaction, and says now that it has not seen the order."""
        is_open = self.is_undecided or self.status == self.Status.EXPIRED
        is_unseen = self.enquiry_code == self.UNSEEN_CODE and bool(self.fpx_transaction_id)
        return is_open and is_unseen and self.was_asked_late

    @property
    def is_looked_into(self) -> bool:
        """True while FPX's word of it does not agree, and an officer has yet to say what is so."""
        return self.status != self.Status.SUCCEEDED and any(
            closed_at is None for closed_at in self.anomalies
        )

    @cached_property
    def anomalies(self) -> list[datetime | None]:
        """When each case about words of FPX that do not agree was closed; read once, and kept."""
        return [case.closed_at for case in self.cases.all() if case.kind == "anomaly"]

    @cached_property
    def was_given_up(self) -> bool:
        """True when an officer stopped waiting for its bank; read once, and kept."""
        changes = self.status_changes.filter(to_status=self.Status.EXPIRED, by__isnull=False)
        return self.status == self.Status.EXPIRED and changes.exists()

    @property
    def is_unseen(self) -> bool:
        """True when FPX said, the last time it was asked, that it has never seen it."""
        return self.enquiry_code == self.UNSEEN_CODE and not self.fpx_transaction_id

    @property
    def may_be_handed_out(self) -> bool:
        """True until a browser got it, and again once FPX, asked since, has not seen it."""
        asked_at = self.last_enquired_at
        if self.handed_out_at is None or asked_at is None:
            return self.handed_out_at is None
        return self.is_unseen and asked_at > self.handed_out_at

    def was_just_started(self, at: datetime) -> bool:
        """True for so short a time that the payer cannot have met the bank's pages yet."""
        return self.status == self.Status.STARTED and at < self.started_at + DOUBLE_TAP

    @property
    def ends_at(self) -> datetime:
        """When nobody can still be on the bank's pages."""
        return self.started_at + FPX_ATTEMPT_LIFE


class PaymentStatusChange(StatusChange):
    """History of one payment."""

    payment = models.ForeignKey(Payment, models.CASCADE, related_name="status_changes")
