"""The acquiring bank's settlement file of one day, whole or with a fault to be found."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from sandbox import settings
from sandbox.fpx.answers import APPROVED
from sandbox.fpx.judging import MALAYSIA
from sandbox.models import FpxTransaction

# By machine word: what is wrong with the file, in Malay.
FAULTS = {
    "none": "Tiada: semua bayaran yang berjaya.",
    "missing": "Bayaran pertama tertinggal.",
    "unknown": "Satu bayaran yang tidak pernah dibuat oleh portal.",
    "amount": "Amaun bayaran pertama kurang satu sen.",
}
_SEN = Decimal("0.01")


@dataclass(frozen=True)
class Row:
    """A transaction that is credited: order number, FPX's id and time, and the amount."""

    order: str
    transaction: str
    moment: str
    amount: Decimal

    def __str__(self) -> str:
        return f"D,{self.order},{self.transaction},{self.moment},{self.amount}"


def write_file(day: date, fault: str, *, at: datetime) -> str:
    """The file as text: header, a line for each transaction, trailer with count and sum."""
    rows = _spoil(list(_settled(day, at)), day, fault)
    total = sum((row.amount for row in rows), Decimal("0.00"))
    header = f"H,{settings.FPX_SELLER_ID},{day:%Y%m%d},MYR"
    records = [header, *map(str, rows), f"T,{len(rows)},{total}"]
    return "".join(f"{record}\r\n" for record in records)


def _settled(day: date, at: datetime) -> Iterator[Row]:
    """What succeeded of the transactions that FPX dates to that day in Malaysia."""
    start = datetime(day.year, day.month, day.day, tzinfo=MALAYSIA)
    arrived = FpxTransaction.objects.filter(
        received_at__gte=start, received_at__lt=start + timedelta(days=1)
    )
    for one in arrived.order_by("pk"):
        if one.code_at(at) == APPROVED:
            moment = f"{one.received_at.astimezone(MALAYSIA):%Y%m%d%H%M%S}"
            yield Row(one.seller_ex_order_no, one.fpx_txn_id, moment, Decimal(one.amount))


def _spoil(rows: list[Row], day: date, fault: str) -> list[Row]:
    if fault == "missing":
        return rows[1:]
    if fault == "unknown":
        stranger = f"{day:%y%m%d}0000000000"
        return [*rows, Row("TIDAKDIKENALI", stranger, f"{day:%Y%m%d}000000", _SEN * 1310)]
    if fault == "amount":
        return [replace(row, amount=row.amount - _SEN) for row in rows[:1]] + rows[1:]
    return rows
