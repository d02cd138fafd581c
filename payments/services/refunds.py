"""Refunds: asked for by one officer, approved by another, sent, and done or failed.

The money travels outside FPX's protocol, which has no message for it: an officer enters the refund
in the acquirer's portal and records here what the bank said. A receipt and the cover that it
certifies stay as they are: an officer who refunds certified money gives the cover away.
"""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from foundation import audit, outbox, states
from foundation.refusals import Refusal, SameOfficer
from payments.models import Payment, PaymentCase, Refund, RefundStatusChange
from payments.services import cases
from payments.tasks import send_refund_step, send_refund_step_sms

if TYPE_CHECKING:
    from accounts.models import User

Status = Refund.Status


class NothingToRefund(Refusal):
    """The case has no payment that took money, or all of it is refunded or about to be."""

    words = _("Tiada wang yang boleh dipulangkan bagi kes ini.")


class AmountTooHigh(Refusal):
    """More than what was paid and not refunded yet."""

    words = _("Amaun melebihi wang yang dibayar dan belum dipulangkan.")


@transaction.atomic
def request_refund(
    *, case: PaymentCase, amount: Decimal, reason: str, by: "User", at: datetime
) -> Refund:
    """Asks for `amount` ringgit of the case's payment to go back; another officer must approve.

    Raises CaseNotOpen, NothingToRefund and AmountTooHigh.
    """
    locked = cases.lock_open(case)
    payment, most = locked.payment, refundable(case=locked)
    if payment is None or not most:
        raise NothingToRefund
    if amount > most:
        raise AmountTooHigh
    states.move(locked, PaymentCase.Status.REFUNDING, by=by, at=at, note=reason)
    refund = Refund.objects.create(
        payment=payment, case=locked, amount=amount, reason=reason, requested_at=at, requested_by=by
    )
    first = refund.status_changes.create(
        from_status="", to_status=Status.REQUESTED, by=by, at=at, note=reason
    )
    _tell(first, at)
    audit.record("refund_requested", subject=refund, by=by, at=at, amount=str(amount))
    return refund


def refundable(*, case: PaymentCase) -> Decimal:
    """How much of the case's payment may still be asked back, in ringgit; 0 when nothing."""
    payment = case.payment
    if payment is None:
        return Decimal(0)
    took_money = (
        payment.status == Payment.Status.SUCCEEDED or case.kind in PaymentCase.KINDS_WITH_MONEY
    )
    if not took_money or _is_used(payment, case) or payment.refunds.open().exists():
        return Decimal(0)
    return payment.amount - payment.refunds.unrefused().amount()


def _is_used(payment: Payment, case: PaymentCase) -> bool:
    """True when it bought the next period, unless the registration was rejected after that.

    Then it is certified money as any other (docs/decisions/0007).
    """
    if case.kind == PaymentCase.Kind.REJECTED_PAID:
        return False
    return payment.cases.filter(resolution=PaymentCase.Resolution.NEXT_PERIOD).exists()


@transaction.atomic
def approve_refund(*, refund: Refund, by: "User", at: datetime) -> Refund:
    """Lets the money go; `by` must not be who asked. Raises SameOfficer, and what `move` raises."""
    if refund.requested_by_id == by.pk:
        raise SameOfficer
    _step(refund, Status.APPROVED, by=by, at=at, approved_at=at, approved_by=by)
    return refund


@transaction.atomic
def refuse_refund(*, refund: Refund, reason: str, by: "User", at: datetime) -> Refund:
    """Takes a refund back before the bank has it, or after the bank could not; the case waits."""
    _step(refund, Status.REFUSED, by=by, at=at, note=reason)
    states.move(refund.case, PaymentCase.Status.OPEN, by=by, at=at, note=reason)
    return refund


@transaction.atomic
def record_refund_sent(*, refund: Refund, bank_reference: str, by: "User", at: datetime) -> Refund:
    """Keeps that it was entered in the acquirer's portal, under which reference."""
    _step(refund, Status.SENT, by=by, at=at, note=bank_reference, bank_reference=bank_reference)
    return refund


@transaction.atomic
def record_refund_done(*, refund: Refund, note: str, by: "User", at: datetime) -> Refund:
    """Keeps that the payer has their money, which closes the case.

    Of a double payment all must go back: after a part the case waits for what becomes of the rest.
    Other cases that wait for the same money end with it.
    """
    cases.lock_payment(refund.payment_id)
    _step(refund, Status.DONE, by=by, at=at, note=note)
    if refund.case.is_double_payment and refundable(case=refund.case):
        states.move(refund.case, PaymentCase.Status.OPEN, by=by, at=at, note=note)
    else:
        _close(refund.case, refund, by, at)
    if cases.is_returned(refund.case):
        for case in PaymentCase.objects.waiting_for_money().filter(payment=refund.payment_id):
            _close(case, refund, by, at)
    return refund


def _close(case: PaymentCase, refund: Refund, by: "User", at: datetime) -> None:
    resolution = PaymentCase.Resolution.REFUNDED
    cases.mark_closed(case=case, resolution=resolution, reason=refund.reason, by=by, at=at)


@transaction.atomic
def record_refund_failed(*, refund: Refund, note: str, by: "User", at: datetime) -> Refund:
    """Keeps why the bank could not; it may be sent again, or be refused."""
    _step(refund, Status.FAILED, by=by, at=at, note=note)
    return refund


def _step(
    refund: Refund, to: Status, *, by: "User", at: datetime, note: str = "", **changes: object
) -> None:
    """Moves, tells the payer, and leaves an audit event."""
    states.move(refund, to, by=by, at=at, note=note, **changes)
    _tell(refund.status_changes.latest("pk"), at)
    audit.record(f"refund_{to}", subject=refund, by=by, at=at)


def _tell(change: RefundStatusChange, at: datetime) -> None:
    outbox.add_all((send_refund_step, send_refund_step_sms), change.pk, at=at)
