"""Cases: what finance must decide by hand."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation import triggers
from foundation.states import StatusChange, Transitions
from payments.models.messages import GatewayMessage
from payments.models.payments import Payment

if TYPE_CHECKING:
    from accounts.models import User


class PaymentCaseQuerySet(models.QuerySet["PaymentCase"]):
    """Filters over cases."""

    def for_user(self, user: "User") -> "PaymentCaseQuerySet":
        """Those of their own payments: the only way that their pages fetch cases."""
        return self.filter(payment__contribution__registration__user=user)

    def double_payments(self) -> "PaymentCaseQuerySet":
        return self.filter(kind=PaymentCase.Kind.DOUBLE_PAYMENT)

    def waiting_for_money(self) -> "PaymentCaseQuerySet":
        """Those with nothing left to do once the money is back."""
        return self.filter(
            status=PaymentCase.Status.OPEN, kind__in=PaymentCase.KINDS_ENDED_BY_MONEY
        )


class PaymentCase(models.Model):
    """Something about a payment that finance must decide by hand."""

    class Kind(models.TextChoices):
        """What is wrong."""

        ANOMALY = "anomaly", _("Mesej tidak sepadan")
        DOUBLE_PAYMENT = "double_payment", _("Dibayar dua kali")
        UNDECIDED = "undecided", _("Belum diputuskan")
        CREDIT_CODE = "credit_code", _("Kod kredit tidak sepadan")
        REJECTED_PAID = "rejected_paid", _("Ditolak selepas dibayar")
        SETTLEMENT = "settlement", _("Fail penyelesaian tidak sepadan")

    class Status(models.TextChoices):
        """Whether anybody still has to do something."""

        OPEN = "open", _("Menunggu pegawai")
        REFUNDING = "refunding", _("Bayaran balik berjalan")
        CLOSED = "closed", _("Selesai")

    TRANSITIONS: ClassVar[Transitions] = {
        Status.OPEN: {Status.REFUNDING, Status.CLOSED},
        Status.REFUNDING: {Status.OPEN, Status.CLOSED},
        Status.CLOSED: set(),
    }
    TONES: ClassVar[dict[str, str]] = {
        Status.OPEN: "warning",
        Status.REFUNDING: "info",
        Status.CLOSED: "success",
    }

    class Resolution(models.TextChoices):
        """How it ended."""

        REFUNDED = "refunded", _("Wang dipulangkan")
        NEXT_PERIOD = "next_period", _("Digunakan untuk tempoh seterusnya")
        EXPLAINED = "explained", _("Dijelaskan, tiada wang berpindah")
        LATER_FILE = "later_file", _("Dijelaskan oleh fail penyelesaian kemudian")

    # Of these the money itself is evidence, whatever became of the payment.
    KINDS_WITH_MONEY: ClassVar[set[str]] = {Kind.ANOMALY, Kind.SETTLEMENT}
    # These ask for nothing but the money; of the others an officer also says what happened.
    KINDS_ENDED_BY_MONEY: ClassVar[set[str]] = {Kind.DOUBLE_PAYMENT, Kind.REJECTED_PAID}

    kind = models.CharField(max_length=16, choices=Kind.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, blank=True, related_name="cases"
    )
    message = models.ForeignKey(
        GatewayMessage, models.PROTECT, null=True, blank=True, related_name="cases"
    )
    detail = models.CharField(max_length=200, blank=True)
    opened_at = models.DateTimeField()
    refund_chosen_at = models.DateTimeField(
        null=True, blank=True, help_text="When a payer who paid twice asked for their money back."
    )
    resolution = models.CharField(max_length=12, choices=Resolution.choices, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PaymentCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "payment"],
                condition=Q(closed_at=None, kind__in=["double_payment", "undecided"]),
                name="case_open_once",
            ),
            models.UniqueConstraint(
                fields=["kind", "payment", "detail"],
                condition=Q(closed_at=None),
                nulls_distinct=False,
                name="case_open_once_a_detail",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False)
                | Q(closed_at__isnull=False, resolution="later_file"),
                name="case_closed_pair",
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False)
                & ~Q(resolution="")
                & ~Q(reason="")
                | ~Q(status="closed") & Q(closed_at=None, resolution=""),
                name="case_closed_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(kind="double_payment", resolution="explained"),
                name="case_of_double_payment_moves_the_money",
            ),
        ]
        triggers = triggers.life_cycle()

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.payment or ''}"

    @property
    def is_closed(self) -> bool:
        return self.status == self.Status.CLOSED

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN

    @property
    def is_double_payment(self) -> bool:
        return self.kind == self.Kind.DOUBLE_PAYMENT

    @property
    def is_still_undecided(self) -> bool:
        """True of a case about a bank that does not decide, while it has not."""
        is_about_it = self.kind == self.Kind.UNDECIDED
        return is_about_it and self.payment is not None and self.payment.is_undecided

    def age(self, at: datetime) -> timedelta:
        """How long it has waited, or took to be closed."""
        return (self.closed_at or at) - self.opened_at


class PaymentCaseStatusChange(StatusChange):
    """History of one case."""

    case = models.ForeignKey(PaymentCase, models.PROTECT, related_name="status_changes")
