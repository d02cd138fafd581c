"""The acquirer's settlement file: which transactions of one day it credits us for, line by line.

The format is written down in docs/settlement-file.md. A file is read whole or not at all: its last
line counts the lines and adds up the amounts, so that a file cut short is noticed.
"""

import csv
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import StringIO

from django.utils.translation import gettext as _

from foundation.wording import MALAYSIA

MOST_BYTES = 5 * 1024 * 1024
_HEADER, _DETAIL, _TRAILER = "H", "D", "T"
_CURRENCY = "MYR"
_AMOUNT = re.compile(r"[0-9]{1,6}\.[0-9]{2}")
_TOTAL = re.compile(r"[0-9]{1,13}\.[0-9]{2}")
_NUMBER = re.compile(r"[0-9A-Za-z-]{1,40}")
_TRANSACTION = re.compile(r"[0-9]{1,20}")
_COUNT = re.compile(r"[0-9]{1,7}")


class NotASettlementFile(ValueError):
    """The bytes are no whole file of this format; the text tells the line to look at."""


@dataclass(frozen=True)
class Line:
    """A transaction that the acquirer credits: whose order, which of FPX's, when and how much."""

    number: int
    order_number: str
    transaction_id: str
    transaction_at: datetime
    amount: Decimal


@dataclass(frozen=True)
class Statement:
    """What the acquirer says of one seller's transactions on one day in Malaysia."""

    seller_id: str
    day: date
    lines: tuple[Line, ...]

    @property
    def amount(self) -> Decimal:
        """What all lines come to, in ringgit."""
        return sum((line.amount for line in self.lines), Decimal(0))


def read_settlement_file(raw: bytes) -> Statement:
    """Reads a whole file; raises NotASettlementFile."""
    records = _records(raw)
    if len(records) < 2:
        raise NotASettlementFile(_("Fail ini tidak lengkap."))
    seller_id, day = _header(records[0])
    lines = tuple(
        _line(number, record, day) for number, record in enumerate(records[1:-1], start=2)
    )
    statement = Statement(seller_id, day, lines)
    _check_trailer(records[-1], statement)
    return statement


def _records(raw: bytes) -> list[list[str]]:
    if len(raw) > MOST_BYTES:
        raise NotASettlementFile(_("Fail ini terlalu besar."))
    try:
        text = raw.decode("ascii")
        return list(csv.reader(StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise NotASettlementFile(_("Fail ini bukan CSV.")) from error


def _header(record: list[str]) -> tuple[str, date]:
    match record:
        case [kind, seller_id, day, currency] if kind == _HEADER and currency == _CURRENCY:
            return seller_id, _moment(1, day, "%Y%m%d").date()
    raise _wrong(1)


def _line(number: int, record: list[str], day: date) -> Line:
    match record:
        case [kind, order, transaction, moment, amount] if kind == _DETAIL:
            is_well_formed = (
                _NUMBER.fullmatch(order)
                and _TRANSACTION.fullmatch(transaction)
                and _AMOUNT.fullmatch(amount)
            )
            at = _moment(number, moment, "%Y%m%d%H%M%S")
            if is_well_formed and at.date() == day:
                return Line(number, order, transaction, at, Decimal(amount))
    raise _wrong(number)


def _check_trailer(record: list[str], statement: Statement) -> None:
    number = len(statement.lines) + 2
    match record:
        case [kind, count, total] if kind == _TRAILER and _COUNT.fullmatch(count):
            is_whole = int(count) == len(statement.lines)
            if is_whole and _TOTAL.fullmatch(total) and Decimal(total) == statement.amount:
                return
    raise _wrong(number)


def _moment(number: int, text: str, form: str) -> datetime:
    try:
        at = datetime.strptime(text, form).replace(tzinfo=MALAYSIA)
    except ValueError as error:
        raise _wrong(number) from error
    if at.strftime(form) != text:  # strptime takes digits that are missing
        raise _wrong(number)
    return at


def _wrong(number: int) -> NotASettlementFile:
    return NotASettlementFile(_("Baris %(number)d tidak betul.") % {"number": number})
