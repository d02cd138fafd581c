"""The one way money comes in: a message is stored, verified, held against what we asked, settled.

Callback, browser return and the answer to an enquiry all come here.
"""

import logging
from datetime import datetime

from django.db import transaction

from foundation.alarms import raise_alarm
from payments.gateway import Event, Unreadable, Unverified, gateway
from payments.models import Case, GatewayMessage, Payment
from payments.services.cases import open_case
from payments.services.nonsense import shed_nonsense
from payments.services.outcome import close_message, record_outcome

log = logging.getLogger(__name__)
Channel = GatewayMessage.Channel
Verdict = GatewayMessage.Verdict


def record_message(*, channel: str, raw: bytes, at: datetime) -> GatewayMessage:
    """Stores what came at the moment `at`, even nonsense, then judges it.

    The row is committed before anything is judged, so nothing received is lost. Whatever goes
    wrong afterwards leaves it unjudged, and the clock judges it again.
    """
    message = _store(channel, raw, at)
    try:
        judge_message(message=message, at=at)
    except Exception:  # the row is safe, and FPX deserves an answer
        log.exception("message %s could not be judged", message.pk)
    return message


def judge_message(*, message: GatewayMessage, at: datetime) -> GatewayMessage:
    """Judges a stored message and settles what it says; judging it twice changes nothing."""
    try:
        answer = gateway.read_notification(body_of(message), at=message.received_at)
    except Unreadable as error:
        _refuse(message, str(error), at)
    except Unverified as error:
        _refuse(message, str(error), at)
        raise_alarm("fpx_signature", message.channel, at=at, detail=str(error))
    else:
        _credit_or_question(message, answer, at)
    return message


def body_of(message: GatewayMessage) -> bytes:
    """The bytes that were received."""
    return str(message.raw).encode("latin-1")


def _store(channel: str, raw: bytes, at: datetime) -> GatewayMessage:
    with transaction.atomic(durable=True):
        return GatewayMessage.objects.create(
            channel=channel,
            received_at=at,
            raw=raw.decode("latin-1"),
            order_number=gateway.claimed_reference(raw),
        )


def _refuse(message: GatewayMessage, detail: str, at: datetime) -> None:
    log.warning("message %s (%s) is refused: %s", message.pk, message.channel, detail)
    close_message(message, Verdict.UNVERIFIED, detail=detail)
    shed_nonsense(message=message, at=at)


@transaction.atomic
def _credit_or_question(message: GatewayMessage, answer: Event, at: datetime) -> None:
    """A good signature says "FPX said this", not "this is for that order at that price"."""
    locked = Payment.objects.select_for_update().filter(reference=answer.reference)
    payment = next(iter(locked), None)
    disagreements = answer.disagreements(payment.request) if payment else ["unknown order"]
    if payment and not disagreements:
        record_outcome(payment=payment, message=message, answer=answer, at=at)
        return
    detail = f"{message.order_number or '-'}: {', '.join(disagreements)}"
    open_case(kind=Case.Kind.ANOMALY, payment=payment, message=message, detail=detail, at=at)
    close_message(
        message,
        Verdict.ANOMALY,
        detail=detail,
        payment=payment,
        certificate=answer.certificate,
    )
