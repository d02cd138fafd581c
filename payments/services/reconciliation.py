"""Reconciles a day with the acquirer's settlement file: every line that does not fit is a case.

A file credits nothing. What it calls paid and we do not is only a reason to ask FPX, whose signed
answer credits it as any other message does.
"""

import hashlib
import os
from contextlib import suppress
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
_MISSING = "missing="
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
        lines = _keep_lines(file, statement)
        _close_explained(file, lines, at)
        opened = _open_cases(lines, at) + _open_missing_cases(file, at)
        _alarm_about(file, opened, at)
        audit.record("settlement_file_read", subject=file, by=by, at=at, lines=file.line_count)
    return file


def _keep_lines(file: SettlementFile, statement: Statement) -> list[SettlementLine]:
    orders = [line.order_number for line in statement.lines]
    waiting = Exists(_open_settlement_cases().filter(payment=OuterRef("pk")))
    named = Payment.objects.filter(reference__in=orders).annotate(has_case=waiting)
    payments = {row.reference: row for row in named}
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


def _close_explained(file: SettlementFile, lines: list[SettlementLine], at: datetime) -> None:
    """Ends what earlier files left open about payments that this one names as they are."""
    named = {line.payment_id: line for line in lines if line.payment and _fits(line, line.payment)}
    if not any(line.payment.has_case for line in named.values()):  # type: ignore[union-attr]
        return
    for case in _open_settlement_cases().filter(payment__in=named).order_by("payment", "pk"):
        if not _explains(named[case.payment_id], case):
            continue
        with suppress(cases.CaseNotOpen):
            cases.mark_closed(
                case=cases.lock_open(case),
                resolution=PaymentCase.Resolution.LATER_FILE,
                reason=file.name,
                by=None,
                at=at,
            )
            audit.record("case_closed_by_file", subject=case, at=at, file=file.pk)


def _open_settlement_cases() -> QuerySet[PaymentCase]:
    kind, status = PaymentCase.Kind.SETTLEMENT, PaymentCase.Status.OPEN
    return PaymentCase.objects.filter(kind=kind, status=status)


def _fits(line: SettlementLine, payment: Payment) -> bool:
    paid = (Payment.Status.SUCCEEDED, payment.fpx_transaction_id, payment.amount)
    return (payment.status, line.transaction_id, line.amount) == paid


def _explains(line: SettlementLine, case: PaymentCase) -> bool:
    """True of what no file had named, and of the same transaction when we did not call it paid."""
    said_before = f" {Verdict.UNPAID}=" in case.detail and case.detail.endswith(_says(line))
    return case.detail.startswith(_MISSING) or said_before


def _alarm_about(file: SettlementFile, opened: int, at: datetime) -> None:
    """One alarm a file, however many cases it opens."""
    if opened:
        key = f"{file.settled_date} {file.pk}"
        raise_alarm("payment_settlement", key, at=at, detail=f"cases={opened}")


def _open_cases(lines: list[SettlementLine], at: datetime) -> int:
    """One case an unmatched line; returns how many.

    FPX is asked, within a minute, about what we do not call paid.
    """
    unpaid = {line.order_number for line in lines if line.verdict == Verdict.UNPAID}
    undecided = Payment.objects.exclude(status=Payment.Status.SUCCEEDED)
    undecided.filter(reference__in=unpaid).update(next_enquiry_at=at)
    wrong = [line for line in lines if line.verdict not in SettlementLine.FITTING]
    for line in wrong:
        cases.open_case(
            kind=PaymentCase.Kind.SETTLEMENT, payment=line.payment, detail=_told(line), at=at
        )
    return len(wrong)


def _open_missing_cases(file: SettlementFile, at: datetime) -> int:
    """One for each success of its day that no file names, also when we heard of it later."""
    if file.is_unfinished:
        return 0
    detail = f"{_MISSING}{file.settled_date}"
    known = PaymentCase.objects.filter(
        kind=PaymentCase.Kind.SETTLEMENT, payment=OuterRef("pk"), detail=detail
    )
    missing = list(missing_payments(file=file).exclude(Exists(known)))
    for payment in missing:
        cases.open_case(kind=PaymentCase.Kind.SETTLEMENT, payment=payment, detail=detail, at=at)
    return len(missing)


def _told(line: SettlementLine) -> str:
    """What the line says and what is wrong with it, without personal data."""
    return f"{line.file.settled_date} {line.verdict}={line.number}: {_says(line)}"


def _says(line: SettlementLine) -> str:
    return f"{line.order_number} {line.transaction_id} RM{line.amount}"


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
        _alarm_about(file, _open_missing_cases(file, at), at)
    return SettlementFile.objects.count() - before
