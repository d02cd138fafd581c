"""What payments do after a commit: tell the payer what their bank did not, or did twice."""

from datetime import datetime, timedelta
from typing import Any

from accounts import sms
from accounts.models import User
from foundation import mail, outbox
from foundation.addresses import absolute
from payments.gateway import gateway
from payments.models import Payment, PaymentCase, RefundStatusChange
from receipts.models import Receipt

SMS_LIMIT = timedelta(minutes=2)
MAIL_LIMIT = timedelta(minutes=15)
_OUTCOMES = {
    Payment.Status.PENDING: "payments/mail/pending",
    Payment.Status.FAILED: "payments/mail/failed",
}


@outbox.task(limit=MAIL_LIMIT)
def send_payment_outcome(pk: int, *, at: datetime) -> None:
    """Mails that a payment is pending or was not made; says nothing once the bank said yes."""
    payment = _payment(pk)
    template = _OUTCOMES.get(Payment.Status(payment.status))
    if template:
        reason = gateway.meaning_of(payment.debit_code).reason.label
        _mail(payment, template, {"reason": reason})


@outbox.task(limit=MAIL_LIMIT)
def send_waiting_stopped(pk: int, *, at: datetime) -> None:
    """Mails that the bank is waited for no more and one may pay again, unless it has spoken."""
    payment = _payment(pk)
    if payment.status == Payment.Status.EXPIRED:
        _mail(payment, "payments/mail/waiting_stopped", {})


@outbox.task(limit=MAIL_LIMIT)
def send_payment_looked_into(pk: int, *, at: datetime) -> None:
    """Mails that FPX's word does not agree and an officer looks, unless it was paid meanwhile."""
    payment = _payment(pk)
    if payment.status != Payment.Status.SUCCEEDED:
        _mail(payment, "payments/mail/looked_into", {})


@outbox.task(limit=MAIL_LIMIT)
def send_double_payment(pk: int, *, at: datetime) -> None:
    """Mails that the money of one contribution was taken twice, and what finance will do."""
    _mail(_payment(pk), "payments/mail/double_payment", {})


@outbox.task(limit=SMS_LIMIT)
def send_double_payment_sms(pk: int, *, at: datetime) -> None:
    """Says the same by SMS."""
    payment = _payment(pk)
    sms.send_template(_payer(payment), "payments/sms/double_payment", {"payment": payment})


@outbox.task(limit=MAIL_LIMIT)
def send_rejected_paid(pk: int, *, at: datetime) -> None:
    """Mails that finance looks at the money of a registration that was rejected."""
    case = PaymentCase.objects.get(pk=pk)
    assert case.payment_id is not None, "what was paid is a payment"
    _mail(_payment(case.payment_id), "payments/mail/rejected_paid", {})


@outbox.task(limit=MAIL_LIMIT)
def send_money_kept(pk: int, *, at: datetime) -> None:
    """Mails that the check of the money, which was told, has ended without giving it back."""
    case = PaymentCase.objects.get(pk=pk)
    assert case.payment_id is not None, "what was paid is a payment"
    payment = _payment(case.payment_id)
    receipts = Receipt.objects.filter(payment_reference=payment.reference)
    _mail(payment, "payments/mail/money_kept", {"has_cover": receipts.exists()})


@outbox.task(limit=MAIL_LIMIT)
def send_refund_step(pk: int, *, at: datetime) -> None:
    """Mails one step of a refund: the row of its history that says where it went."""
    change = _refund_change(pk)
    context = {"refund": change.refund, "step": change.to_status}
    _mail(change.refund.payment, "payments/mail/refund", context)


@outbox.task(limit=SMS_LIMIT)
def send_refund_step_sms(pk: int, *, at: datetime) -> None:
    """Says the same by SMS."""
    change = _refund_change(pk)
    payment = change.refund.payment
    context = {"refund": change.refund, "payment": payment, "step": change.to_status}
    sms.send_template(_payer(payment), "payments/sms/refund", context)


def _refund_change(pk: int) -> RefundStatusChange:
    path = "refund__payment__contribution__registration__user"
    return RefundStatusChange.objects.select_related(path).get(pk=pk)


def _payment(pk: int) -> Payment:
    return Payment.objects.select_related("contribution__registration__user").get(pk=pk)


def _payer(payment: Payment) -> User:
    return payment.contribution.registration.user


def _mail(payment: Payment, template: str, context: dict[str, Any]) -> None:
    payer = _payer(payment)
    url = absolute("payments:payment", payment.reference, language=payer.language)
    variables = {**context, "payment": payment, "user": payer, "url": url}
    mail.send(str(payer.email), template, variables, language=payer.language)
