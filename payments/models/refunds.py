"""Refunds: money that goes back to a payer, asked for by one officer and approved by another.

FPX has no message for a refund: officers enter it in the acquirer's portal and record here what
came of it.
"""

from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation import triggers
from foundation.states import StatusChange, Transitions
from payments.models.cases import PaymentCase
from payments.models.payments import Payment

_FACTS_STAY = "'refund % stays as it was asked for and approved', OLD.id"
# The payment's row is locked, so that two refunds asked for at once see each other.
_WITHIN_PAYMENT = """
    SELECT amount INTO paid FROM payments_payment WHERE id = NEW.payment_id FOR NO KEY UPDATE;
    SELECT coalesce(sum(amount), 0) INTO refunded FROM payments_refund
        WHERE payment_id = NEW.payment_id AND status <> 'refused' AND id <> NEW.id;
    IF refunded + NEW.amount > paid THEN
        RAISE EXCEPTION 'refunds of payment % come to more than was paid', NEW.payment_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
"""


class RefundQuerySet(models.QuerySet["Refund"]):
    """Filters over refunds."""

    def open(self) -> "RefundQuerySet":
        return self.filter(status__in=Refund.OPEN)

    def unrefused(self) -> "RefundQuerySet":
        """Those whose money has gone back or may yet."""
        return self.exclude(status=Refund.Status.REFUSED)

    def done(self) -> "RefundQuerySet":
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
    case = models.ForeignKey(PaymentCase, models.PROTECT, related_name="refunds")
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
        triggers = [
            *triggers.life_cycle(),
            triggers.Refusal(
                "facts_stay",
                pgtrigger.Update,
                _FACTS_STAY,
                condition=pgtrigger.AnyChange(
                    exclude=["status", "approved_at", "approved_by", "bank_reference"]
                ),
            ),
            triggers.Refusal(
                "approved_once",
                pgtrigger.Update,
                _FACTS_STAY,
                condition="OLD.approved_at IS NOT NULL AND (OLD.approved_at, OLD.approved_by_id)"
                " IS DISTINCT FROM (NEW.approved_at, NEW.approved_by_id)",
            ),
            triggers.Trigger(
                name="within_payment",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("paid", "numeric"), ("refunded", "numeric")],
                func=_WITHIN_PAYMENT,
            ),
            triggers.Refusal("stays", pgtrigger.Delete, _FACTS_STAY),
            triggers.not_emptied(),
        ]

    def __str__(self) -> str:
        return f"{self.payment} RM{self.amount}"


class RefundStatusChange(StatusChange):
    """History of one refund; of each row the payer is told."""

    refund = models.ForeignKey(Refund, models.PROTECT, related_name="status_changes")
