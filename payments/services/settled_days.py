"""A day of money: what the acquirer's files say, our receipts and what went back, side by side."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncDate

from foundation.alarms import Alarm, raise_alarm
from foundation.wording import MALAYSIA, local
from payments.models import Payment, PaymentCase, Refund, SettlementFile, SettlementLine
from payments.services import reconciliation
from receipts.models import Receipt

ALARM = "settlement_missing"
_BY_NINE = 9
_LOOKS_BACK = timedelta(days=60)


@dataclass(frozen=True)
class DayRow:
    """One transaction: in the file, in our books, and what went back; None: not there."""

    reference: str
    transaction_id: str
    in_file: Decimal | None
    paid: Decimal | None
    receipt: str
    refunded: Decimal | None

    @property
    def fits(self) -> bool:
        """True when the file and our books say the same."""
        return self.in_file == self.paid


@dataclass(frozen=True)
class Totals:
    """What a day's rows come to, in ringgit."""

    in_file: Decimal
    paid: Decimal
    refunded: Decimal


def rows_of(*, day: date) -> list[DayRow]:
    """Every payment that succeeded on the day or that its files name, and lines that are not ours.

    Of several files of the day the last one is believed.
    """
    of_day = SettlementLine.objects.filter(file__settled_date=day)
    newest = of_day.order_by("-file__received_at", "number")
    receipts = Receipt.objects.valid().filter(payment_reference=OuterRef("reference"))
    back = Refund.objects.done().filter(payment=OuterRef("pk")).order_by().values("payment")
    named = Payment.objects.filter(pk__in=of_day.values("payment"))
    ours = reconciliation.succeeded_on_its_day(file=SettlementFile(settled_date=day))
    payments = Payment.objects.filter(Q(pk__in=ours.values("pk")) | Q(pk__in=named.values("pk")))
    found = payments.order_by("pk").annotate(
        in_file=Subquery(newest.filter(payment=OuterRef("pk")).values("amount")[:1]),
        receipt_number=Subquery(receipts.values("number")[:1]),
        refunded=Subquery(back.annotate(total=Sum("amount")).values("total")),
    )
    strangers = of_day.filter(payment=None).order_by("transaction_id", "-file__received_at")
    return [
        *(_row(payment) for payment in found.iterator(chunk_size=2000)),
        *(_not_ours(line) for line in strangers.distinct("transaction_id")),
    ]


def _row(payment: Payment) -> DayRow:
    is_paid = payment.status == Payment.Status.SUCCEEDED
    return DayRow(
        payment.reference,
        payment.fpx_transaction_id,
        payment.in_file,  # type: ignore[attr-defined]
        payment.amount if is_paid else None,
        payment.receipt_number or "",  # type: ignore[attr-defined]
        payment.refunded,  # type: ignore[attr-defined]
    )


def _not_ours(line: SettlementLine) -> DayRow:
    return DayRow(line.order_number, line.transaction_id, line.amount, None, "", None)


def totals_of(rows: Iterable[DayRow]) -> Totals:
    """What the rows come to."""
    columns = zip(*((row.in_file, row.paid, row.refunded) for row in rows), strict=True)
    sums = [sum((amount or Decimal(0) for amount in column), Decimal(0)) for column in columns]
    return Totals(*sums) if sums else Totals(Decimal(0), Decimal(0), Decimal(0))


def open_cases_of(*, day: date) -> QuerySet[PaymentCase]:
    """What the day's files left open."""
    begins = Q(detail__startswith=f"missing={day}") | Q(detail__startswith=f"{day} ")
    mine = PaymentCase.objects.filter(begins, kind=PaymentCase.Kind.SETTLEMENT)
    return mine.filter(status=PaymentCase.Status.OPEN).order_by("pk")


def alarm_missing_settlement_file(*, at: datetime) -> int:
    """Raises an alarm, once, for each past day with successes and without its whole file.

    Yesterday's may come until nine. A look that was missed is made up for: whenever the clock runs
    again, each day of the last sixty is looked at.
    """
    now = local(at)
    last = now.date() - timedelta(days=1 if now.hour >= _BY_NINE else 2)
    first = now.date() - _LOOKS_BACK
    files = SettlementFile.objects.filter(settled_date__gte=first).defer("content")
    told = {file.settled_date for file in files if not file.is_unfinished}
    alarmed = set(Alarm.objects.filter(kind=ALARM).values_list("key", flat=True))
    late = [day for day in _days_with_money(first, last) if day not in told]
    new = [day for day in late if str(day) not in alarmed]
    for day in new:
        raise_alarm(ALARM, str(day), at=at, detail="no settlement file yet")
    return len(new)


def _days_with_money(first: date, last: date) -> list[date]:
    """Days in Malaysia on which payments succeeded, by FPX's time."""
    dated = Payment.objects.filter(status=Payment.Status.SUCCEEDED).annotate(
        paid_on=TruncDate(Coalesce("fpx_transaction_at", "credited_at"), tzinfo=MALAYSIA)
    )
    found = dated.filter(paid_on__gte=first, paid_on__lte=last).order_by("paid_on")
    return list(found.values_list("paid_on", flat=True).distinct())
