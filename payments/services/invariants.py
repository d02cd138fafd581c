"""What must hold of money, receipts and cover at every moment, and the rows that break it.

Each rule is one statement, so it sees one moment: settling is one transaction, and a payment half
settled is never seen. The database's own constraints hold several of them; a rule that is held
twice is how a dropped constraint is noticed.
"""

import hashlib
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from random import randrange

from django.db import connection
from django.db.models import Max

from payments.models import Case, Payment
from perkeso import outbox
from perkeso.alarms import Alarm, raise_alarm
from receipts.models import Receipt

log = logging.getLogger(__name__)

# What the clock needs to open a case or raise an alarm by itself.
_GRACE = timedelta(minutes=15)
_MOST_SHOWN = 100
_MOST_FILES = 100

# Each selects one column: what the rows are called that break the rule.
RULES = {
    "a transaction is credited once": """
        SELECT fpx_transaction_id FROM payments_payment WHERE status = 'succeeded'
        GROUP BY fpx_transaction_id HAVING count(*) > 1
        UNION
        SELECT fpx_transaction_id FROM receipts_receipt WHERE voided_at IS NULL
        GROUP BY fpx_transaction_id HAVING count(*) > 1
    """,
    "a success has its receipt and cover, or its double-payment case": """
        SELECT reference FROM payments_payment p
        WHERE status = 'succeeded' AND NOT EXISTS (
            SELECT FROM receipts_receipt r
            JOIN contributions_coverageperiod c USING (contribution_id)
            WHERE r.payment_reference = p.reference
        ) AND NOT EXISTS (
            SELECT FROM payments_case WHERE payment_id = p.id AND kind = 'double_payment'
        )
    """,
    "a receipt is of one success, of its amount": """
        SELECT number FROM receipts_receipt r
        JOIN contributions_contribution o ON o.id = r.contribution_id
        LEFT JOIN payments_payment p
            ON p.reference = r.payment_reference AND p.status = 'succeeded'
        WHERE p.id IS NULL OR r.amount <> p.amount OR r.amount <> o.amount
        UNION
        SELECT payment_reference FROM receipts_receipt WHERE voided_at IS NULL
        GROUP BY payment_reference HAVING count(*) > 1
    """,
    "paid, receipt and cover come together": """
        SELECT o.public_id::text FROM contributions_contribution o
        LEFT JOIN receipts_receipt r ON r.contribution_id = o.id
        LEFT JOIN contributions_coverageperiod c ON c.contribution_id = o.id
        WHERE (o.status = 'paid') <> (r.id IS NOT NULL) OR (o.status = 'paid') <> (c.id IS NOT NULL)
    """,
    "a double-payment case is of a success, without a receipt while it is open": """
        SELECT p.reference FROM payments_case k JOIN payments_payment p ON p.id = k.payment_id
        WHERE k.kind = 'double_payment' AND (
            p.status <> 'succeeded' OR k.closed_at IS NULL AND EXISTS (
                SELECT FROM receipts_receipt WHERE payment_reference = p.reference
            )
        )
    """,
    "money taken twice went back whole or bought a period": """
        SELECT p.reference FROM payments_case k JOIN payments_payment p ON p.id = k.payment_id
        LEFT JOIN receipts_receipt r
            ON r.payment_reference = p.reference AND r.contribution_id IS NOT NULL
        LEFT JOIN LATERAL (
            SELECT count(*) FILTER (WHERE of.kind <> 'rejected_paid') AS promises,
                coalesce(sum(amount) FILTER (WHERE f.status = 'done'), 0) AS returned
            FROM payments_refund f JOIN payments_case of ON of.id = f.case_id
            WHERE f.payment_id = p.id AND f.status <> 'refused'
        ) f ON true
        WHERE k.kind = 'double_payment' AND k.status = 'settled' AND (
            k.resolution = 'refunded' AND (f.returned <> p.amount OR r.id IS NOT NULL)
            OR k.resolution = 'next_period' AND (f.promises <> 0 OR r.id IS NULL)
        )
    """,
    "refunds are approved by another and never above what was paid": """
        SELECT p.reference FROM payments_payment p JOIN payments_refund f ON f.payment_id = p.id
        WHERE f.status <> 'refused' GROUP BY p.id HAVING sum(f.amount) > p.amount
        UNION
        SELECT p.reference FROM payments_payment p JOIN payments_refund f ON f.payment_id = p.id
        WHERE f.approved_by_id = f.requested_by_id
            OR f.approved_by_id IS NULL AND f.status NOT IN ('requested', 'refused')
    """,
    "a case has an open refund just while it says so": """
        SELECT 'case ' || k.id FROM payments_case k
        WHERE (k.status = 'refunding') <> EXISTS (
            SELECT FROM payments_refund
            WHERE case_id = k.id AND status NOT IN ('done', 'refused')
        )
    """,
    "a success was told by FPX": """
        SELECT reference FROM payments_payment p
        WHERE status = 'succeeded' AND NOT EXISTS (
            SELECT FROM payments_gatewaymessage WHERE payment_id = p.id AND verdict = 'accepted'
        )
    """,
    "a payment stands where its history ends": """
        SELECT reference FROM payments_payment p LEFT JOIN (
            SELECT DISTINCT ON (payment_id) payment_id, to_status
            FROM payments_paymentstatuschange ORDER BY payment_id, id DESC
        ) h ON h.payment_id = p.id
        WHERE p.status <> coalesce(h.to_status, 'started')
    """,
    "periods of one person and sector never overlap": """
        SELECT 'period ' || id FROM (
            SELECT id, coverage_starts_at, max(coverage_ends_at) OVER (
                PARTITION BY user_id, sector ORDER BY coverage_starts_at, id
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS covered_until FROM contributions_coverageperiod
        ) periods
        WHERE coverage_starts_at < covered_until
    """,
    "a receipt's moment is the one chosen when settling": """
        SELECT r.number FROM receipts_receipt r
        JOIN contributions_coverageperiod c USING (contribution_id)
        LEFT JOIN contributions_contributionstatuschange h
            ON h.contribution_id = r.contribution_id AND h.to_status = 'paid'
        WHERE r.issued_at IS DISTINCT FROM h.at
            OR r.issued_at <> date_trunc('second', r.issued_at)
            OR r.issued_at > r.coverage_starts_at
            OR r.coverage_starts_at <> c.coverage_starts_at
            OR r.coverage_ends_at <> c.coverage_ends_at
    """,
    "a receipt's number is its own, of its year": """
        SELECT number FROM receipts_receipt WHERE number !~ (
            '^SPS-' || to_char(issued_at AT TIME ZONE 'Asia/Kuala_Lumpur', 'YYYY') || '-[0-9]{8}$'
        )
        UNION
        SELECT number FROM receipts_receipt GROUP BY number HAVING count(*) > 1
    """,
}


@dataclass(frozen=True)
class Finding:
    """A rule and what breaks it: a reference or number, never personal data."""

    rule: str
    subject: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.subject}"


def check_invariants(*, at: datetime, most_files: int | None = None) -> list[Finding]:
    """All that breaks a rule, at most a hundred rows of each; empty when all is well.

    `most_files` bounds how many stored PDFs are read, from a random one on; None reads them all.
    """
    found = [Finding(rule, name) for rule, sql in RULES.items() for name in _names(sql)]
    found += _shown("undecided for three days is a case", _undecided_without_case(at))
    found += _shown("an act that is late is alarmed about", _late_without_alarm(at))
    found += _shown("a stored PDF is the one that was drawn", _changed_files(most_files))
    return found


def alarm_about_invariants(*, at: datetime) -> list[Finding]:
    """Checks them, of the stored PDFs a hundred, and raises an alarm for each rule broken."""
    found = check_invariants(at=at, most_files=_MOST_FILES)
    for rule in dict.fromkeys(finding.rule for finding in found):
        subjects = [finding.subject for finding in found if finding.rule == rule]
        raise_alarm("invariant", rule[:80], at=at, detail=", ".join(subjects))
    return found


def _shown(rule: str, names: Iterable[str]) -> list[Finding]:
    return [Finding(rule, name) for name in islice(names, _MOST_SHOWN)]


def _names(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({sql}) broken LIMIT %s", [_MOST_SHOWN])  # noqa: S608 (ours)
        return [name for (name,) in cursor.fetchall()]


def _undecided_without_case(at: datetime) -> Iterator[str]:
    open_cases = Case.objects.filter(kind=Case.Kind.UNDECIDED, closed_at=None)
    overdue = Payment.objects.overdue(at - _GRACE).exclude(pk__in=open_cases.values("payment"))
    yield from overdue.values_list("reference", flat=True)


def _late_without_alarm(at: datetime) -> Iterator[str]:
    alarmed = set(Alarm.objects.open().filter(kind=outbox.LATE).values_list("key", flat=True))
    for kind in outbox.late_kinds(at=at - timedelta(minutes=1)):
        if kind not in alarmed:
            yield kind


def _changed_files(most: int | None) -> Iterator[str]:
    drawn = Receipt.objects.exclude(drawn_at=None).order_by("pk")
    if most is not None:
        last = drawn.aggregate(last=Max("pk"))["last"] or 0
        drawn = drawn.filter(pk__gt=randrange(last + 1) - most)[:most]  # noqa: S311 (a sample)
    for receipt in drawn.iterator(chunk_size=200):
        if _sha256(receipt) != receipt.sha256:
            yield receipt.number


def _sha256(receipt: Receipt) -> str:
    """Of the stored file; empty when it is not there."""
    try:
        with receipt.file.open("rb") as document:
            return hashlib.file_digest(document, "sha256").hexdigest()
    except (OSError, ValueError):  # ValueError: it was never stored
        return ""
