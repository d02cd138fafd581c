"""Issues receipts: the number and the moment, inside the transaction that records the payment."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from contributions.models import Contribution, CoveragePeriod
from contributions.services import cover
from foundation import outbox
from foundation.wording import local
from receipts.models import Receipt
from receipts.tasks import draw_receipt, send_receipt, send_receipt_sms

AFTER_ISSUING = (draw_receipt, send_receipt, send_receipt_sms)


@transaction.atomic(savepoint=False)
def issue_receipt(
    *,
    contribution: Contribution,
    payment_reference: str,
    bank_name: str,
    fpx_transaction_id: str,
    fpx_transaction_at: datetime | None,
    issued_at: datetime,
    at: datetime,
) -> Receipt:
    """Certifies that the contribution was paid at `issued_at`, and starts the cover it buys.

    The moment is kept to the second, as it is printed. Whatever the receipt states is copied and
    never edited; the rest follows after the commit. Raises ForbiddenMove when it was paid before.
    """
    issued_at = issued_at.replace(microsecond=0)
    period = cover.start_coverage(contribution=contribution, issued_at=issued_at)
    receipt = Receipt.objects.create(
        number=next_number(issued_at),
        issued_at=issued_at,
        payment_reference=payment_reference,
        bank_name=bank_name,
        fpx_transaction_id=fpx_transaction_id,
        fpx_transaction_at=fpx_transaction_at,
        **_snapshot(contribution, period),
    )
    outbox.add_all(AFTER_ISSUING, receipt.pk, at=at)
    return receipt


def _snapshot(contribution: Contribution, period: CoveragePeriod) -> dict[str, Any]:
    """Who is covered, for what and from when to when, as it is now."""
    user = contribution.registration.user
    return {
        "user": user,
        "contribution": contribution,
        "language": user.language,
        "full_name": user.full_name,
        "ic_number": user.ic_number or "",
        "sector": period.sector,
        "plan_number": contribution.plan_number,
        "insured_monthly_earnings": contribution.insured_monthly_earnings,
        "months": contribution.months,
        "amount": contribution.amount,
        "coverage_starts_at": period.coverage_starts_at,
        "coverage_ends_at": period.coverage_ends_at,
    }


def next_number(issued_at: datetime) -> str:
    """Such as "SPS-2026-00001234": the Malaysian year, and a sequence that is never reset."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('receipts_number_seq')")
        (number,) = cursor.fetchone()
    return f"SPS-{local(issued_at).year}-{number:08d}"
