"""Refunds: money that goes back to a payer, asked for by one officer and approved by another.

FPX has no message for a refund: officers enter it in the acquirer's portal and record here what
came of it.
"""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation.states import StatusChange, Transitions
from payments.models.cases import Case
from payments.models.payments import Payment


class RefundQuerySet(models.QuerySet["Refund"]):
    """Filters over refunds."""

    def open(self) -> "RefundQuerySet":
        """Those that are neither done nor refused."""
        return self.filter(status__in=Refund.OPEN)

    def unrefused(self) -> "RefundQuerySet":
        """Those whose money has gone back or may yet."""
        return self.exclude(status=Refund.Status.REFUSED)

    def done(self) -> "RefundQuerySet":
        """Those whose money the payer has."""
        return self.filter(status=Refund.Status.DONE)

    def amount(self) -> Decimal:
        """What they come to, in ringgit."""
        total: Decimal | None = self.aggregate(total=models.Sum("amount"))["total"]
        return total or Decimal(0)


class Refund(models.Model):
    """Money of one payment on its way back; the amount never changes once it is asked for."""

    class Status(models.TextChoices):
        """Who has it in hand."""

        REQUESTED = "requested", _("Menunggu kelulusan")
        APPROVED = "approved", _("Diluluskan")
        SENT = "sent", _("Dihantar kepada bank")
        DONE = "done", _("Telah dipulangkan")
        FAILED = "failed", _("Tidak berjaya dipulangkan")
        REFUSED = "refused", _("Ditarik balik")

    TRANSITIONS: ClassVar[Transitions] = {
        Status.REQUESTED: {Status.APPROVED, Status.REFUSED},
        Status.APPROVED: {Status.SENT, Status.REFUSED},
        Status.SENT: {Status.DONE, Status.FAILED},
        Status.FAILED: {Status.SENT, Status.REFUSED},
        Status.DONE: set(),
        Status.REFUSED: set(),
    }
    TONES: ClassVar[dict[str, str]] = {
        Status.REQUESTED: "warning",
        Status.APPROVED: "success",
        Status.SENT: "info",
        Status.DONE: "success",
        Status.FAILED: "error",
        Status.REFUSED: "neutral",
    }
    OPEN: ClassVar[list[str]] = [Status.REQUESTED, Status.APPROVED, Status.SENT, Status.FAILED]

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds")
    case = models.ForeignKey(Case, models.PROTECT, related_name="refunds")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.REQUESTED)
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    reason = models.CharField(max_length=500)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    bank_reference = models.CharField(
        max_length=60, blank=True, help_text="What the acquirer's portal calls it, once sent."
    )

    objects = RefundQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["payment"],
                condition=Q(status__in=["requested", "approved", "sent", "failed"]),
                name="refund_open_once_a_payment",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0) & ~Q(reason=""), name="refund_of_something_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="refund_approved_pair",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("requested_by")),
                name="refund_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["requested", "refused"]) | Q(approved_at__isnull=False),
                name="refund_sent_after_approval",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["sent", "done", "failed"]) | ~Q(bank_reference=""),
                name="refund_sent_has_reference",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment} RM{self.amount}"


class RefundStatusChange(StatusChange):
    """History of one refund; of each row the payer is told."""

    refund = models.ForeignKey(Refund, models.PROTECT, related_name="status_changes")
