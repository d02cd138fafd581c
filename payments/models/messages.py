"""What came from FPX, kept whole before it is judged."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation import triggers
from foundation.encryption import BlindIndexField, EncryptedTextField
from foundation.wording import moment
from payments.models.payments import Payment

_KEPT = "'message % is kept as it came and was judged', OLD.id"
_JUDGED = (
    "(OLD.verdict, OLD.detail, OLD.certificate, OLD.payment_id) IS DISTINCT FROM"
    " (NEW.verdict, NEW.detail, NEW.certificate, NEW.payment_id)"
)
_COUNTED = (
    "(OLD.repeats, OLD.last_repeated_at) IS DISTINCT FROM (NEW.repeats, NEW.last_repeated_at)"
)
_IS_OURS = models.Exists(Payment.objects.filter(reference=models.OuterRef("order_number")))


class GatewayMessageQuerySet(models.QuerySet["GatewayMessage"]):
    """Filters over messages."""

    def unjudged(self) -> "GatewayMessageQuerySet":
        """Stored, and not judged yet: it is being done, or whoever did it was killed."""
        return self.filter(verdict=GatewayMessage.Verdict.UNJUDGED)

    def stray(self) -> "GatewayMessageQuerySet":
        """Unverified, and about no order of ours."""
        return self.unverified().filter(~_IS_OURS, payment=None)

    def of_our_orders(self) -> "GatewayMessageQuerySet":
        """Unverified, but about an order of ours."""
        return self.unverified().filter(_IS_OURS)

    def unverified(self) -> "GatewayMessageQuerySet":
        """Signed by nobody whom we trust."""
        return self.filter(verdict=GatewayMessage.Verdict.UNVERIFIED)


class GatewayMessage(models.Model):
    """What came from FPX, kept whole before it is judged; never edited but for the judgement."""

    class Channel(models.TextChoices):
        """How it came."""

        CALLBACK = "callback", _("Panggilan terus")
        RETURN = "return", _("Pelayar kembali")
        ENQUIRY = "enquiry", _("Pertanyaan")

    class Verdict(models.TextChoices):
        """What it was judged to be."""

        UNJUDGED = "unjudged", _("Belum dinilai")
        ACCEPTED = "accepted", _("Diterima")
        REPEATED = "repeated", _("Berulang")
        UNVERIFIED = "unverified", _("Tandatangan tidak sah")
        ANOMALY = "anomaly", _("Tidak sepadan")

    channel = models.CharField(max_length=8, choices=Channel.choices)
    received_at = models.DateTimeField()
    raw = EncryptedTextField(
        help_text="The body as received, one character a byte; holds the payer's name."
    )
    # Written once: what a body sealed anew is held against.
    digest = BlindIndexField(source="raw")
    order_number = models.CharField(
        max_length=40, blank=True, help_text="What it claims to be about; proves nothing."
    )
    verdict = models.CharField(max_length=10, choices=Verdict.choices, default=Verdict.UNJUDGED)
    detail = models.CharField(max_length=200, blank=True)
    certificate = models.CharField(max_length=80, blank=True, help_text="Which one verified it.")
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, blank=True, related_name="messages"
    )
    fingerprint = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="Of what may be posted again.",
    )
    repeats = models.PositiveIntegerField(
        default=0, help_text="How often the same came again by the same way, and was forgotten."
    )
    last_repeated_at = models.DateTimeField(null=True, blank=True)

    objects = GatewayMessageQuerySet.as_manager()

    class Meta:
        ordering = ["received_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint"], condition=~Q(fingerprint=""), name="message_kept_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["received_at"], condition=Q(verdict="unjudged"), name="message_unjudged"
            ),
            models.Index(
                fields=["received_at"], condition=Q(verdict="unverified"), name="message_unverified"
            ),
            models.Index(
                fields=["order_number"],
                condition=Q(verdict="unverified"),
                name="message_unverified_of_order",
            ),
        ]
        triggers = [
            triggers.Refusal(
                "kept_as_it_came",
                pgtrigger.Update,
                _KEPT,
                condition=pgtrigger.AnyChange(
                    exclude=[
                        *("verdict", "detail", "certificate", "payment"),
                        *("raw", "repeats", "last_repeated_at"),
                    ]
                ),
            ),
            triggers.only_resealed("raw", _KEPT),
            triggers.Refusal(
                "judged_once",
                pgtrigger.Update,
                _KEPT,
                condition=f"(OLD.verdict <> 'unjudged' OR OLD.raw <> NEW.raw) AND {_JUDGED}",
            ),
            # A count only grows, and nothing else changes with it.
            triggers.Refusal(
                "counted_up",
                pgtrigger.Update,
                _KEPT,
                condition=f"{_COUNTED} AND"
                f" (NEW.repeats <= OLD.repeats OR OLD.raw <> NEW.raw OR {_JUDGED})",
            ),
            # The one thing that may go is what nobody whom we trust signed, and names no order.
            triggers.Refusal(
                "evidence_stays",
                pgtrigger.Delete,
                "'message % is evidence', OLD.id",
                unless="OLD.verdict = 'unverified' AND OLD.payment_id IS NULL AND NOT EXISTS"
                " (SELECT FROM payments_payment WHERE reference = OLD.order_number)",
            ),
            triggers.not_emptied(),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {moment(self.received_at, 'ms')}"
