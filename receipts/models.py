"""The receipt: a snapshot, stamped in the transaction that records the payment."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from contributions.models import Contribution
from perkeso.encryption import EncryptedTextField
from registration.models import Sector

if TYPE_CHECKING:
    from accounts.models import User


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    """Filters over receipts."""

    def for_user(self, user: "User") -> "ReceiptQuerySet":
        """His own: the only way that pages and files fetch receipts."""
        return self.filter(user=user)

    def undrawn(self) -> "ReceiptQuerySet":
        """Receipts whose PDF is not stored yet."""
        return self.filter(drawn_at=None)


def receipt_path(receipt: "Receipt", original_name: str) -> str:
    """Where the PDF lies: random, so that a path tells nothing."""
    return f"receipts/{receipt.public_id.hex[:2]}/{receipt.public_id.hex}.pdf"


class Receipt(models.Model):
    """Proof that a contribution was paid; `issued_at` is the moment that cover is counted from.

    Everything that it states is copied and nothing edits it later. It lies below payments, so it
    keeps the payment's reference and bank as plain text.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=17, unique=True)
    issued_at = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="receipts")
    contribution = models.OneToOneField(Contribution, models.PROTECT, related_name="receipt")
    language = models.CharField(max_length=2)

    full_name = models.CharField(max_length=150)
    ic_number = EncryptedTextField()
    sector = models.CharField(max_length=12, choices=Sector.choices)
    plan_number = models.PositiveSmallIntegerField()
    insured_monthly_earnings = models.DecimalField(max_digits=8, decimal_places=2)
    months = models.PositiveSmallIntegerField()
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    coverage_starts_at = models.DateTimeField()
    coverage_ends_at = models.DateTimeField()
    payment_reference = models.CharField(max_length=20)
    bank_name = models.CharField(max_length=60)
    fpx_transaction_id = models.CharField(max_length=20)
    fpx_transaction_at = models.DateTimeField(null=True)

    file = models.FileField(upload_to=receipt_path, max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    drawn_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["payment_reference"],
                condition=Q(contribution__isnull=False),
                name="receipt_once_a_payment",
            ),
            models.CheckConstraint(
                condition=Q(drawn_at=None, sha256="") | Q(drawn_at__isnull=False) & ~Q(sha256=""),
                name="receipt_drawn_has_hash",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_drawn(self) -> bool:
        """True once the PDF is stored."""
        return self.drawn_at is not None

    @property
    def file_name(self) -> str:
        """What the PDF is called on the driver's phone."""
        return f"{self.number}.pdf"

    @property
    def is_queued(self) -> bool:
        """True when the cover begins later than it was paid, behind a period that still ran."""
        return self.coverage_starts_at > self.issued_at
