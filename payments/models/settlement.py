"""Settlement files as the acquirer sent them, kept whole, and how each line fits what we know."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation import triggers
from foundation.wording import MALAYSIA
from payments.models.payments import Payment


class SettlementFile(models.Model):
    """What the acquirer credited for one day; never edited."""

    settled_date = models.DateField(help_text="The day in Malaysia of FPX's transaction times.")
    name = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64, unique=True)
    content = models.TextField(help_text="The file as it came.")
    line_count = models.PositiveIntegerField()
    amount = models.DecimalField(max_digits=15, decimal_places=2)
    received_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="None when the clock found it.",
    )

    class Meta:
        ordering = ["-settled_date", "-received_at"]
        triggers = triggers.kept()

    def __str__(self) -> str:
        return self.name

    @property
    def begins_at(self) -> datetime:
        """The first moment of its day."""
        day = self.settled_date
        return datetime(day.year, day.month, day.day, tzinfo=MALAYSIA)

    @property
    def ends_at(self) -> datetime:
        return self.begins_at + timedelta(days=1)

    @property
    def is_unfinished(self) -> bool:
        """True when it came before its day had ended: what it does not name is not missing."""
        return self.received_at < self.ends_at


class SettlementLineQuerySet(models.QuerySet["SettlementLine"]):
    """Filters over lines."""

    def unmatched(self) -> "SettlementLineQuerySet":
        return self.exclude(verdict__in=SettlementLine.FITTING)

    def by_verdict(self) -> list[tuple[str, int, Decimal]]:
        """Each verdict in words, with how many lines there are of it and what they come to."""
        groups: Any = (
            self.order_by()
            .values("verdict")
            .annotate(number=models.Count("pk"), total=models.Sum("amount"))
        )
        found = {group["verdict"]: group for group in groups}
        return [
            (str(verdict.label), found[verdict]["number"], found[verdict]["total"])
            for verdict in SettlementLine.Verdict
            if verdict in found
        ]


class SettlementLine(models.Model):
    """One transaction of a file; never edited."""

    class Verdict(models.TextChoices):
        """How it fits what we know."""

        MATCHED = "matched", _("Sepadan")
        REPEATED = "repeated", _("Telah ada dalam fail terdahulu")
        UNKNOWN = "unknown", _("Bukan bayaran kami")
        AMOUNT = "amount", _("Amaun berbeza")
        TRANSACTION = "transaction", _("Nombor transaksi berbeza")
        UNPAID = "unpaid", _("Belum berjaya dalam rekod kami")
        TWICE = "twice", _("Dua kali dalam fail")

    FITTING: ClassVar[set[str]] = {Verdict.MATCHED, Verdict.REPEATED}

    file = models.ForeignKey(SettlementFile, models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField(help_text="Which line of the file, from 1.")
    order_number = models.CharField(max_length=40)
    transaction_id = models.CharField(max_length=20, db_index=True)
    transaction_at = models.DateTimeField()
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, blank=True, related_name="settlement_lines"
    )

    objects = SettlementLineQuerySet.as_manager()

    class Meta:
        ordering = ["file", "number"]
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="settlement_line_once")
        ]
        triggers = triggers.kept()

    def __str__(self) -> str:
        return f"{self.file_id}:{self.number}"
