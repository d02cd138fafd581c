"""Records what the bank said of a payment, once, whatever the order in which the news comes.

"Failed" and "expired" are opinions, "paid" is a fact: paid wins from any state, and nothing
un-pays by itself.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from foundation import outbox, states
from foundation.alarms import raise_alarm
from payments.gateway import Event, gateway
from payments.meaning import Kind, Meaning, Reason
from payments.models import GatewayMessage, Payment, PaymentCase
from payments.services import attempts, cases, crediting
from payments.tasks import send_payment_outcome

FPX_EXPIRED_ENQUIRY_LIFE = timedelta(hours=24)

log = logging.getLogger(__name__)
Channel = GatewayMessage.Channel
Status = Payment.Status
Verdict = GatewayMessage.Verdict


@dataclass(frozen=True)
class News:
    """A verified message about a locked payment."""

    payment: Payment
    message: GatewayMessage
    answer: Event
    meaning: Meaning
    at: datetime

    @property
    def is_asked_for(self) -> bool:
        """True when it answers our enquiry."""
        return self.message.channel == Channel.ENQUIRY


@transaction.atomic(savepoint=False)
def record_outcome(
    *, payment: Payment, message: GatewayMessage, answer: Event, at: datetime
) -> Payment:
    """Moves the payment as the verified answer says, and credits it when it is a success.

    All or nothing, inside the transaction that locked the payment's row. Repeated and stale news
    change nothing.
    """
    news = News(payment, message, answer, gateway.meaning_of(answer.debit_code), at)
    _note_enquiry(news)
    if news.meaning.kind is not Kind.SUCCEEDED:  # crediting writes it with all the rest
        note_transaction(payment, answer)
    try:
        verdict, detail = _tell(news)
    except crediting.NotCreditable as refusal:
        verdict, detail = Verdict.ANOMALY, str(refusal)
        note_transaction(payment, answer)
        cases.open_anomaly(payment=payment, message=message, detail=detail, at=at)
    close_message(message, verdict, detail=detail, payment=payment, certificate=answer.certificate)
    log.info("payment %s: %s %s", payment.reference, verdict, detail)
    return payment


def close_message(
    message: GatewayMessage,
    verdict: Verdict,
    *,
    detail: str = "",
    payment: Payment | None = None,
    certificate: str = "",
) -> None:
    """Writes the judgement, unless somebody has judged the message meanwhile."""
    unjudged = GatewayMessage.objects.unjudged().filter(pk=message.pk)
    changes = {
        "verdict": verdict,
        "detail": detail[:200],
        "payment": payment,
        "certificate": certificate[:80],
    }
    if unjudged.update(**changes):
        for name, value in changes.items():
            setattr(message, name, value)
    else:
        message.refresh_from_db()


def _note_enquiry(news: News) -> None:
    """What FPX said last; an answer that was left unjudged until after the next one is old news."""
    asked_at = news.payment.last_enquired_at
    if news.is_asked_for and (asked_at is None or news.message.received_at >= asked_at):
        news.payment.enquiry_code = news.answer.debit_code
        news.payment.save(update_fields=["enquiry_code"])


def note_transaction(payment: Payment, answer: Event) -> None:
    """FPX has seen an order that it names a transaction for, whatever it says of it later."""
    if answer.transaction_id and not payment.fpx_transaction_id:
        payment.fpx_transaction_id = answer.transaction_id
        payment.save(update_fields=["fpx_transaction_id"])


def _tell(news: News) -> tuple[Verdict, str]:
    if news.meaning.kind is Kind.SUCCEEDED:
        return _succeed(news)
    if news.meaning.kind is Kind.PENDING:
        return _pend(news)
    if news.payment.status == Status.SUCCEEDED:
        raise crediting.NotCreditable(f"code {news.answer.debit_code} after success")
    if news.meaning.kind is Kind.UNSEEN and news.is_asked_for:
        return _note_unseen(news)
    if news.meaning.kind is Kind.DUPLICATE:
        return _note_duplicate(news)
    return _fail(news)


def _succeed(news: News) -> tuple[Verdict, str]:
    payment, answer = news.payment, news.answer
    if payment.status != Status.SUCCEEDED:
        crediting.credit(payment=payment, message=news.message, answer=answer, at=news.at)
        return Verdict.ACCEPTED, "credited"
    if payment.fpx_transaction_id != answer.transaction_id:
        raise crediting.NotCreditable(f"a second transaction {answer.transaction_id}")
    return Verdict.REPEATED, "credited before, nothing changed"


def _pend(news: News) -> tuple[Verdict, str]:
    payment = news.payment
    if payment.status == Status.SUCCEEDED:
        return Verdict.REPEATED, "stale: credited before"
    if news.meaning.needs_second_person and payment.authorisation_pending_at is None:
        payment.authorisation_pending_at = news.message.received_at
        payment.save(update_fields=["authorisation_pending_at"])
    if payment.status == Status.EXPIRED:
        _ask_at_once(news)  # FPX had not seen it, and now a bank has it: no second payment unwarned
    if payment.status != Status.STARTED:
        return Verdict.REPEATED, f"{payment.status} before, not moved"
    states.move(payment, Status.PENDING, at=news.at, note=_note(news), **_facts(news))
    if not news.is_asked_for:  # an enquiry may only have found the payer at their bank's pages
        outbox.add(send_payment_outcome, payment.pk, at=news.at)
    return Verdict.ACCEPTED, "pending"


def _ask_at_once(news: News) -> None:
    if not news.is_asked_for:
        news.payment.next_enquiry_at = news.at
        news.payment.save(update_fields=["next_enquiry_at"])


def _note_unseen(news: News) -> tuple[Verdict, str]:
    """FPX has not seen it: no move, the clock expires it in time; but a "no" is confirmed.

    What was expired for that is asked about for a day. After a transaction was named it is no news
    but a contradiction, which is asked about on.
    """
    if news.payment.contradicts_itself:
        return _note_contradiction(news)
    is_old = news.at - news.payment.started_at >= FPX_EXPIRED_ENQUIRY_LIFE
    if news.payment.status == Status.FAILED or (news.payment.status == Status.EXPIRED and is_old):
        _stop_asking(news.payment, news.at)
    return Verdict.ACCEPTED, "FPX has not seen it"


def _note_contradiction(news: News) -> tuple[Verdict, str]:
    """The money may be on its way: an officer looks, once, and the payer is told."""
    detail = f"76, fpx_fpxTxnId={news.payment.fpx_transaction_id}"
    if news.payment.cases.filter(kind=PaymentCase.Kind.ANOMALY, detail=detail).exists():
        return Verdict.REPEATED, detail
    raise crediting.NotCreditable(detail)


def _note_duplicate(news: News) -> tuple[Verdict, str]:
    """The browser took the same order to FPX twice: the first one lives, so ask how it stands."""
    _alarm_operators(news)
    if news.payment.is_undecided:
        _ask_at_once(news)
    return Verdict.ACCEPTED, "FPX has the order already"


def _fail(news: News) -> tuple[Verdict, str]:
    payment = news.payment
    _alarm_operators(news)
    if not payment.is_undecided:
        if news.is_asked_for or news.meaning.kind is not Kind.UNSURE:
            _stop_asking(payment, news.at)
        return Verdict.REPEATED, f"{payment.status} before, not moved"
    # A "no" by its text only is asked about once more, at once; an enquiry was that already.
    is_unsure = news.meaning.kind is Kind.UNSURE and not news.is_asked_for
    payment.contribution = attempts.lock_contribution(payment.contribution_id)
    states.move(
        payment,
        Status.FAILED,
        at=news.at,
        note=_note(news),
        next_enquiry_at=news.at if is_unsure else None,
        **_facts(news),
    )
    attempts.release_decided(payment=payment, at=news.at)
    if news.meaning.reason is not Reason.CANCELLED:  # who pressed "cancel" knows it
        outbox.add(send_payment_outcome, payment.pk, at=news.at)
    return Verdict.ACCEPTED, "failed"


def _alarm_operators(news: News) -> None:
    code = news.answer.debit_code
    if not news.meaning.is_known:
        raise_alarm("fpx_unknown_code", code, at=news.at, detail=news.payment.reference)
    elif news.meaning.kind in {Kind.FAULT, Kind.DUPLICATE}:
        raise_alarm("fpx_fault", code, at=news.at, detail=news.payment.reference)


def _stop_asking(payment: Payment, at: datetime) -> None:
    """The "no" is sure now: the plan may be changed again."""
    payment.contribution = attempts.lock_contribution(payment.contribution_id)
    payment.next_enquiry_at = None
    payment.save(update_fields=["next_enquiry_at"])
    attempts.release_decided(payment=payment, at=at)


def _note(news: News) -> str:
    return f"{news.message.channel}: {news.answer.debit_code or '-'}"


def _facts(news: News) -> dict[str, object]:
    answer = news.answer
    return {
        # What FPX has named once it does not take back by naming none.
        "fpx_transaction_id": answer.transaction_id or news.payment.fpx_transaction_id,
        "fpx_transaction_at": answer.transaction_at,
        "debit_code": answer.debit_code,
        "credit_code": answer.credit_code,
    }
