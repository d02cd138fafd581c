"""What a payer who paid twice wants done with the second money: back, or their next period."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from contributions.coverage import Period
from contributions.services import contributing
from foundation import audit
from payments.models import Payment, PaymentCase
from payments.services import cases
from receipts.models import Receipt
from receipts.services import issuing

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def choose_refund(*, case: PaymentCase, by: "User", at: datetime) -> PaymentCase:
    """Notes that the payer wants the money back; they may change their mind until it is asked for.

    Raises CaseNotOpen.
    """
    locked = _lock_double(case)
    locked.refund_chosen_at = at
    locked.save(update_fields=["refund_chosen_at"])
    audit.record("refund_chosen", subject=locked, by=by, at=at)
    return locked


@transaction.atomic
def choose_next_period(*, case: PaymentCase, by: "User", at: datetime) -> Receipt:
    """Buys the next period of the same plan with the second money, once, and closes the case.

    The receipt's moment is `at`, the moment of choosing: the money was there before, so cover
    begins then or where the last paid period ends, if that is later. Raises CaseNotOpen and
    whatever `next_repeated` raises.
    """
    locked = _lock_double(case)
    payment = _paid(locked)
    contribution = contributing.repeat_contribution(contribution=payment.contribution, at=at)
    receipt = issuing.issue_receipt(
        contribution=contribution,
        payment_reference=payment.reference,
        bank_name=payment.bank_name,
        fpx_transaction_id=payment.fpx_transaction_id,
        fpx_transaction_at=payment.fpx_transaction_at,
        issued_at=at,
        at=at,
    )
    cases.mark_closed(
        case=locked,
        resolution=PaymentCase.Resolution.NEXT_PERIOD,
        reason=f"Resit {receipt.number}",
        by=by,
        at=at,
    )
    audit.record("next_period_chosen", subject=locked, by=by, at=at, receipt=receipt.number)
    return receipt


def may_choose(*, case: PaymentCase) -> bool:
    """True while the payer may say what becomes of the money: it is whole and nobody moves it.

    Whichever case of the payment a refund hangs on.
    """
    if not case.is_double_payment or not case.is_open:
        return False
    return not _paid(case).refunds.unrefused().exists()


def next_period_of(*, case: PaymentCase, at: datetime) -> Period:
    """What choosing now would buy; raises whatever `next_repeated` raises."""
    return contributing.next_repeated(contribution=_paid(case).contribution, at=at)


def _lock_double(case: PaymentCase) -> PaymentCase:
    """What went back in part cannot buy a period."""
    locked = cases.lock_open(case)
    if not may_choose(case=locked):
        raise cases.CaseNotOpen
    return locked


def _paid(case: PaymentCase) -> Payment:
    assert case.payment is not None, "a double payment is a payment"
    return case.payment
