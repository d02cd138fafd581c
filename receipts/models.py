"""The receipt: a snapshot, stamped in the transaction that records the payment."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Count, Q, Sum
from django.db.models.functions import ExtractYear

from contributions.models import Contribution
from foundation import triggers
from foundation.encryption import EncryptedTextField, keyed_digest
from foundation.wording import MALAYSIA
from receipts.verification_code import LENGTH, new_code, read_code, written
from registration.models import Sector

if TYPE_CHECKING:
    from accounts.models import User


_FIRST_YEAR, _LAST_YEAR = 2017, 9999  # from the scheme's first
_STATES = "'receipt % states what it stated', OLD.number"
_BECOMES_VOID = "OLD.voided_at IS NULL AND NEW.voided_at IS NOT NULL"


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    """Filters over receipts."""

    def of_person(self, user: "User") -> "ReceiptQuerySet":
        """Of the person whose account it is, whichever account of theirs paid."""
        return self.filter(user__ic_number_index=user.ic_number_index)

    def for_user(self, user: "User") -> "ReceiptQuerySet":
        """Their own: the only way that pages and files fetch receipts."""
        return self.filter(user=user)

    def undrawn(self) -> "ReceiptQuerySet":
        return self.filter(drawn_at=None)

    def valid(self) -> "ReceiptQuerySet":
        """Those that no correction took the place of."""
        return self.filter(voided_at=None)

    def covering(self, at: datetime) -> "ReceiptQuerySet":
        """Valid ones whose period runs at that moment."""
        return self.valid().filter(coverage_starts_at__lte=at, coverage_ends_at__gt=at)

    def last_of(self, sector: str) -> "Receipt | None":
        """Of one person, the valid one whose cover in that sector ends last."""
        of_sector = self.valid().filter(sector=sector).select_related("user")
        return of_sector.order_by("coverage_ends_at").last()

    def by_year(self) -> list[Any]:
        """Each Malaysian year with what was paid in it, the newest first; void ones count not."""
        year = ExtractYear("issued_at", tzinfo=MALAYSIA)
        paid = self.valid().order_by().values(year=year)
        return list(paid.annotate(count=Count("pk"), amount=Sum("amount")).order_by("-year"))

    def of_year(self, year: int) -> "ReceiptQuerySet":
        """Those that were paid in a Malaysian year."""
        if not _FIRST_YEAR <= year < _LAST_YEAR:
            return self.none()
        first = datetime(year, 1, 1, tzinfo=MALAYSIA)
        return self.filter(issued_at__gte=first, issued_at__lt=first.replace(year=year + 1))

    def with_code(self, text: str) -> "ReceiptQuerySet":
        """The one that was printed with this code, however it was typed."""
        code = read_code(text)
        return self.filter(code=code) if code else self.none()


def receipt_path(receipt: "Receipt", original_name: str) -> str:
    """Where the PDF lies: random, so that a path tells nothing."""
    return f"receipts/{receipt.public_id.hex[:2]}/{receipt.public_id.hex}.pdf"


class Receipt(models.Model):
    """Proof that a contribution was paid; `issued_at` is the moment that cover is counted from.

    Everything that it states is copied and nothing edits it later. It lies below payments, so it
    keeps the payment's reference and bank as plain text. A wrong one is corrected by another that
    `corrects` it: the wrong one stays, void, and lets go of the contribution.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=LENGTH, default=new_code, unique=True, editable=False)
    number = models.CharField(max_length=17, unique=True)
    issued_at = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="receipts")
    contribution = models.OneToOneField(
        Contribution, models.PROTECT, null=True, related_name="receipt"
    )
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="correction")
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
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
        ordering = ["-issued_at", "-pk"]
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
            models.CheckConstraint(
                condition=Q(voided_at=None, voided_by=None)
                | Q(voided_at__isnull=False, voided_by__isnull=False),
                name="receipt_voided_pair",
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None, contribution__isnull=False)
                | Q(voided_at__isnull=False, contribution=None),
                name="receipt_certifies_unless_void",
            ),
        ]
        triggers = [
            triggers.Refusal(
                "facts_stay",
                pgtrigger.Update,
                _STATES,
                condition=pgtrigger.AnyChange(
                    exclude=[
                        *("file", "sha256", "drawn_at", "mailed_at", "ic_number"),
                        *("voided_at", "voided_by", "contribution"),
                    ]
                ),
            ),
            triggers.only_resealed("ic_number", _STATES),
            triggers.Refusal(
                "drawn_once",
                pgtrigger.Update,
                "'the PDF of receipt % is drawn once', OLD.number",
                condition="OLD.sha256 <> '' AND OLD.sha256 <> NEW.sha256",
            ),
            # It becomes void once, and then lets go of the contribution, which another takes.
            triggers.Refusal(
                "void_once",
                pgtrigger.Update,
                _STATES,
                condition="(OLD.voided_at, OLD.voided_by_id, OLD.contribution_id) IS DISTINCT FROM"
                " (NEW.voided_at, NEW.voided_by_id, NEW.contribution_id)"
                f" AND NOT ({_BECOMES_VOID})",
            ),
            triggers.Refusal(
                "void_is_corrected",
                pgtrigger.Update,
                "'receipt % is void, but none corrects it', NEW.number",
                condition=_BECOMES_VOID,
                unless="EXISTS (SELECT FROM receipts_receipt WHERE corrects_id = NEW.id)",
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
            ),
            triggers.Refusal("stays", pgtrigger.Delete, "'receipt % stays', OLD.number"),
            triggers.not_emptied(),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_drawn(self) -> bool:
        return self.drawn_at is not None

    @property
    def file_name(self) -> str:
        return f"{self.number}.pdf"

    @property
    def calendar_uid(self) -> str:
        """The event that ends the cover of this person and sector, whichever receipt states it."""
        return keyed_digest("calendar", f"{self.user_id}:{self.sector}")[:32]

    @property
    def is_void(self) -> bool:
        """True once a correction took its place."""
        return self.voided_at is not None

    @property
    def written_code(self) -> str:
        return written(self.code)

    def cover_status(self, at: datetime) -> str:
        """One word for what it is worth at that moment: void, queued, covered or lapsed."""
        if self.is_void:
            return "void"
        if at < self.coverage_starts_at:
            return "queued"
        return "covered" if at < self.coverage_ends_at else "lapsed"

    @property
    def is_queued(self) -> bool:
        """True when the cover begins later than it was paid, behind a period that still ran."""
        return self.coverage_starts_at > self.issued_at
