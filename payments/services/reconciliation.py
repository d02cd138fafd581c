"""Reconciles a day with the acquirer's settlement file: every line that does not fit is a case.

A file credits nothing. What it calls paid and we do not is only a reason to ask FPX, whose signed
answer credits it as any other message does.
"""

import hashlib
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from foundation import audit
from foundation.alarms import raise_alarm
from foundation.wording import local
from payments.models import Payment, PaymentCase, SettlementFile, SettlementLine
from payments.services import cases
from payments.settlement_file import (
    MOST_BYTES,
    Line,
    NotASettlementFile,
    Statement,
    read_settlement_file,
)

if TYPE_CHECKING:
    from accounts.models import User

Verdict = SettlementLine.Verdict
_DAY = timedelta(days=1)
_NEWS_COMES_WITHIN = timedelta(days=8)  # FPX is asked for seven


def record_settlement_file(
    *, raw: bytes, name: str, at: datetime, by: "User | None" = None
) -> SettlementFile:
    """Keeps the file whole and holds every line against our payments; the same bytes only once.

    `by` is the officer who brought it, None when the clock did. Raises NotASettlementFile when it
    cannot be read, is another seller's, or speaks of a day that has not come.
    """
    digest = hashlib.sha256(raw).hexdigest()
    known = SettlementFile.objects.filter(sha256=digest).first()
    if known is not None:
        return known
    statement = read_settlement_file(raw)
    _check_ours(statement, at)
    return _reconcile(statement, raw, digest, name, at, by)


def _check_ours(statement: Statement, at: datetime) -> None:
    if statement.seller_id != settings.FPX_SELLER_ID:
        raise NotASettlementFile(_("Fail ini untuk penjual lain."))
    if statement.day > local(at).date():
        raise NotASettlementFile(_("Fail ini untuk hari yang belum tiba."))


@transaction.atomic
def _reconcile(
    statement: Statement, raw: bytes, digest: str, name: str, at: datetime, by: "User | None"
) -> SettlementFile:
    file, is_new = SettlementFile.objects.get_or_create(
        sha256=digest,
        defaults={
            "settled_date": statement.day,
            "name": Path(name).name[:100],
            "content": raw.decode("ascii"),
            "line_count": len(statement.lines),
            "amount": statement.amount,
            "received_at": at,
            "uploaded_by": by,
        },
    )
    if is_new:
        _open_cases(_keep_lines(file, statement), at)
        _open_missing_cases(file, at)
        audit.record("settlement_file_read", subject=file, by=by, at=at, lines=file.line_count)
    return file


def _keep_lines(file: SettlementFile, statement: Statement) -> list[SettlementLine]:
    orders = [line.order_number for line in statement.lines]
    payments = {row.reference: row for row in Payment.objects.filter(reference__in=orders)}
    ids = [line.transaction_id for line in statement.lines]
    earlier = SettlementLine.objects.filter(transaction_id__in=ids).exclude(file=file)
    told = set(earlier.values_list("order_number", "transaction_id", "amount"))
    seen: set[str] = set()
    rows = []
    for line in statement.lines:
        payment = payments.get(line.order_number)
        is_told = (line.order_number, line.transaction_id, line.amount) in told
        verdict = Verdict.TWICE if line.transaction_id in seen else _judge(line, payment, is_told)
        seen.add(line.transaction_id)
        rows.append(_row(file, line, payment, verdict))
    return SettlementLine.objects.bulk_create(rows)


def _judge(line: Line, payment: Payment | None, is_told: bool) -> Verdict:
    if is_told:
        return Verdict.REPEATED
    if payment is None:
        return Verdict.UNKNOWN
    if line.amount != payment.amount:
        return Verdict.AMOUNT
    if payment.status != Payment.Status.SUCCEEDED:
        return Verdict.UNPAID
    if line.transaction_id != payment.fpx_transaction_id:
        return Verdict.TRANSACTION
    return Verdict.MATCHED


def _row(
    file: SettlementFile, line: Line, payment: Payment | None, verdict: Verdict
) -> SettlementLine:
    return SettlementLine(
        file=file,
        number=line.number,
        order_number=line.order_number,
        transaction_id=line.transaction_id,
        transaction_at=line.transaction_at,
        amount=line.amount,
        verdict=verdict,
        payment=payment,
    )


def _open_cases(lines: list[SettlementLine], at: datetime) -> None:
    """One case an unmatched line; FPX is asked, within a minute, about what we do not call paid."""
    unpaid = {line.order_number for line in lines if line.verdict == Verdict.UNPAID}
    undecided = Payment.objects.exclude(status=Payment.Status.SUCCEEDED)
    undecided.filter(reference__in=unpaid).update(next_enquiry_at=at)
    for line in lines:
        if line.verdict not in SettlementLine.FITTING:
            cases.open_case(
                kind=PaymentCase.Kind.SETTLEMENT, payment=line.payment, detail=_told(line), at=at
            )


def _open_missing_cases(file: SettlementFile, at: datetime) -> None:
    """One for each success of its day that no file names, also when we heard of it later."""
    detail = f"missing={file.settled_date}"
    known = PaymentCase.objects.filter(
        kind=PaymentCase.Kind.SETTLEMENT, payment=OuterRef("pk"), detail=detail
    )
    for payment in missing_payments(file=file).exclude(Exists(known)):
        cases.open_case(kind=PaymentCase.Kind.SETTLEMENT, payment=payment, detail=detail, at=at)


def _told(line: SettlementLine) -> str:
    """What the line says and what is wrong with it, without personal data."""
    says = f"{line.order_number} {line.transaction_id} RM{line.amount}"
    return f"{line.file.settled_date} {line.verdict}={line.number}: {says}"


def missing_payments(*, file: SettlementFile) -> QuerySet[Payment]:
    """Our successes of the file's day that no settlement file has named."""
    return succeeded_on_its_day(file=file).filter(settlement_lines=None)


def succeeded_on_its_day(*, file: SettlementFile) -> QuerySet[Payment]:
    """Our successes whose FPX time, or lacking it the moment of settling, lies on its day."""
    dated = Payment.objects.alias(paid_at=Coalesce("fpx_transaction_at", "credited_at"))
    return dated.filter(
        status=Payment.Status.SUCCEEDED, paid_at__gte=file.begins_at, paid_at__lt=file.ends_at
    )


def collect_settlement_files(*, at: datetime) -> int:
    """Reads what the acquirer left in our inbox; returns how many files were new.

    Files stay where they are, since reading one again changes nothing. One that cannot be read
    raises an alarm and does not hold up the others. What succeeded after its day's file was read is
    held against it then.
    """
    before = SettlementFile.objects.count()
    for path in sorted(Path(settings.SETTLEMENT_INBOX).glob("*.csv")):
        name = os.fsencode(path.name).decode(errors="replace")
        try:
            if path.stat().st_size > MOST_BYTES:
                raise NotASettlementFile(_("Fail ini terlalu besar."))
            record_settlement_file(raw=path.read_bytes(), name=name, at=at)
        except (NotASettlementFile, OSError) as error:
            raise_alarm("settlement_file", name[:80], at=at, detail=str(error))
    for file in SettlementFile.objects.filter(received_at__gt=at - _NEWS_COMES_WITHIN):
        _open_missing_cases(file, at)
    return SettlementFile.objects.count() - before


def alarm_missing_settlement_file(*, at: datetime) -> bool:
    """Raises an alarm when yesterday had successes and no settlement file tells of it."""
    yesterday = local(at).date() - _DAY
    file = SettlementFile(settled_date=yesterday)
    is_told = SettlementFile.objects.filter(settled_date=yesterday).exists()
    if is_told or not succeeded_on_its_day(file=file).exists():
        return False
    raise_alarm("settlement_missing", str(yesterday), at=at, detail="no settlement file yet")
    return True
