"""Credits a success: moves the payment, issues the receipt, starts the cover, all or nothing."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists

from foundation import outbox, states
from foundation.alarms import raise_alarm
from payments.gateway import Event, Unreadable, Unverified, gateway
from payments.meaning import Kind, Meaning
from payments.models import GatewayMessage, GatewayMessageQuerySet, Payment, PaymentCase
from payments.receipt_moment import BANK_SESSION_LIMIT, is_clock_wrong, receipt_moment
from payments.services import attempts, cases
from payments.tasks import send_double_payment, send_double_payment_sms, send_rejected_paid
from receipts.models import Receipt
from receipts.services import issuing
from registration.models import Registration

log = logging.getLogger(__name__)
Status = Payment.Status
_CORRECTED = {Status.FAILED, Status.EXPIRED}


@dataclass(frozen=True)
class StoredNews:
    """When a message was stored, and what it says."""

    stored_at: datetime
    meaning: Meaning


class Beside(NamedTuple):
    """What there is beside the news; nearly always nothing, so that one question is enough."""

    is_credited: bool  # another payment was, for the same transaction
    has_news: bool  # older messages about the order that nobody has judged
    has_refunds: bool
    has_receipt: bool  # of the contribution


class NotCreditable(Exception):
    """Verified news that may not be credited; its text is for the case."""


def credit(
    *, payment: Payment, message: GatewayMessage, answer: Event, at: datetime
) -> Receipt | None:
    """Records that the locked payment succeeded; None when its contribution was paid before.

    Must run inside the transaction that locked the payment. Raises NotCreditable when FPX names
    no transaction, or one that another payment was credited for.
    """
    if not answer.transaction_id:
        raise NotCreditable("success without a transaction id")
    payment.contribution = attempts.lock_contribution(payment.contribution_id)
    beside = _look_beside(payment, message, answer)
    if beside.is_credited:
        raise NotCreditable(f"transaction {answer.transaction_id} was credited before")
    waiting = _stored_before(payment, message) if beside.has_news else []
    stored_at = _first_stored_at(message, waiting)
    _note_authorisation(payment, waiting, stored_at)
    _move(payment, message, answer, at)
    oddities = _oddities(payment, answer, stored_at, has_refunds=beside.has_refunds)
    for kind, detail in oddities:
        cases.open_case(kind=kind, payment=payment, message=message, detail=detail, at=at)
    if beside.has_receipt:
        _note_double_payment(payment, message, at)
        return None
    receipt = _issue(payment, answer, stored_at, at)
    _note_rejected(payment, at)
    return receipt


def _issue(payment: Payment, answer: Event, stored_at: datetime, at: datetime) -> Receipt:
    return issuing.issue_receipt(
        contribution=payment.contribution,
        payment_reference=payment.reference,
        bank_name=payment.bank_name,
        fpx_transaction_id=answer.transaction_id,
        fpx_transaction_at=answer.transaction_at,
        issued_at=_moment(payment, answer, stored_at),
        at=at,
    )


def _look_beside(payment: Payment, message: GatewayMessage, answer: Event) -> Beside:
    """Asked once the locks are held: whatever it may meet has been committed, or waits."""
    credited = Payment.objects.filter(
        status=Status.SUCCEEDED, fpx_transaction_id=answer.transaction_id
    )
    asked = (
        credited.exclude(pk=payment.pk),
        _unjudged_before(payment, message),
        payment.refunds.unrefused(),
        Receipt.objects.filter(contribution=payment.contribution_id),
    )
    me = Payment.objects.filter(pk=payment.pk)
    return Beside(*me.values_list(*map(Exists, asked)).get())


def _unjudged_before(payment: Payment, message: GatewayMessage) -> GatewayMessageQuerySet:
    return GatewayMessage.objects.unjudged().filter(
        order_number=payment.reference, received_at__lt=message.received_at
    )


def _stored_before(payment: Payment, message: GatewayMessage) -> list[StoredNews]:
    """Verified news of the payment, being judged beside this one or left by a killed judge."""
    others = _unjudged_before(payment, message)
    return [news for other in others if (news := _read(other, payment))]


def _read(message: GatewayMessage, payment: Payment) -> StoredNews | None:
    try:
        raw = str(message.raw).encode("latin-1")
        answer = gateway.read_notification(raw, at=message.received_at)
    except (Unreadable, Unverified):
        return None
    if answer.disagreements(payment.request):
        return None
    return StoredNews(message.received_at, gateway.meaning_of(answer.debit_code))


def _first_stored_at(message: GatewayMessage, waiting: list[StoredNews]) -> datetime:
    """When the first verified success was stored."""
    successes = [n.stored_at for n in waiting if n.meaning.kind is Kind.SUCCEEDED]
    return min([message.received_at, *successes])


def _note_authorisation(payment: Payment, waiting: list[StoredNews], stored_at: datetime) -> None:
    """A code 99 that nobody has judged yet was stored all the same."""
    earlier = [n for n in waiting if n.stored_at < stored_at]
    pending = [n.stored_at for n in earlier if n.meaning.needs_second_person]
    if pending and payment.authorisation_pending_at is None:
        payment.authorisation_pending_at = min(pending)


def _move(payment: Payment, message: GatewayMessage, answer: Event, at: datetime) -> None:
    note = f"{message.channel}: {answer.debit_code}"
    if payment.status in _CORRECTED:
        log.warning("payment %s was %s and is paid after all", payment.reference, payment.status)
        note += " (correction)"
    states.move(
        payment,
        Status.SUCCEEDED,
        at=at,
        note=note,
        fpx_transaction_id=answer.transaction_id,
        fpx_transaction_at=answer.transaction_at,
        debit_code=answer.debit_code,
        credit_code=answer.credit_code,
        authorisation_pending_at=payment.authorisation_pending_at,
        next_enquiry_at=None,
        credited_at=at,
    )


def _moment(payment: Payment, answer: Event, stored_at: datetime) -> datetime:
    return receipt_moment(
        started_at=payment.started_at,
        stored_at=stored_at,
        fpx_at=answer.transaction_at,
        session_limit=BANK_SESSION_LIMIT,
        was_authorised_later=payment.authorisation_pending_at is not None,
    )


def _is_clock_wrong(payment: Payment, answer: Event, stored_at: datetime) -> bool:
    return answer.transaction_at is None or is_clock_wrong(
        started_at=payment.started_at, fpx_at=answer.transaction_at, stored_at=stored_at
    )


def _oddities(
    payment: Payment, answer: Event, stored_at: datetime, *, has_refunds: bool
) -> list[tuple[PaymentCase.Kind, str]]:
    """What finance must look at although the payer has paid."""
    oddities = []
    if not gateway.is_credited(answer.credit_code):
        oddities.append(
            (PaymentCase.Kind.CREDIT_CODE, f"debited, but credit code {answer.credit_code}")
        )
    if _is_clock_wrong(payment, answer, stored_at):
        oddities.append(
            (PaymentCase.Kind.ANOMALY, f"FPX's time {answer.transaction_at} cannot be right")
        )
    if has_refunds:
        promised = payment.refunds.unrefused().amount()
        detail = f"paid although RM{promised} of it was given back, or is about to be"
        oddities.append((PaymentCase.Kind.ANOMALY, detail))
    return oddities


def _note_rejected(payment: Payment, at: datetime) -> None:
    """An officer said no while the money was under way: cover stands, and finance may refund.

    The registration was locked with its contribution: nobody has said no since it was read.
    """
    if payment.contribution.registration.status == Registration.Status.REJECTED:
        case = cases.open_case(kind=PaymentCase.Kind.REJECTED_PAID, payment=payment, at=at)
        outbox.add(send_rejected_paid, case.pk, at=at)
        raise_alarm("payment_rejected_paid", payment.reference, at=at)


def _note_double_payment(payment: Payment, message: GatewayMessage, at: datetime) -> None:
    """The money was taken twice: no second receipt; refund or next period, by finance.

    Whoever is getting the money back is not asked what to do with it.
    """
    cases.open_case(kind=PaymentCase.Kind.DOUBLE_PAYMENT, payment=payment, message=message, at=at)
    if payment.refunds.unrefused().exists():
        return
    outbox.add_all((send_double_payment, send_double_payment_sms), payment.pk, at=at)
