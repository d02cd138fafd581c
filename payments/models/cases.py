"""Cases: what finance must settle by hand."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from payments.models.messages import GatewayMessage
from payments.models.payments import Payment


class Case(models.Model):
    """Something about a payment that finance must settle by hand."""

    class Kind(models.TextChoices):
        """What is wrong."""

        ANOMALY = "anomaly", _("Mesej tidak sepadan")
        DOUBLE_PAYMENT = "double_payment", _("Dibayar dua kali")
        UNDECIDED = "undecided", _("Belum diputuskan")

    kind = models.CharField(max_length=16, choices=Kind.choices)
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, blank=True, related_name="cases"
    )
    message = models.ForeignKey(
        GatewayMessage, models.PROTECT, null=True, blank=True, related_name="cases"
    )
    detail = models.CharField(max_length=200, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

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
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="case_closed_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.payment or ''}"
