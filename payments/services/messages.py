"""The one way money comes in: a message is stored, verified, held against what we asked, credited.

Callback, browser return and the answer to an enquiry all come here.
"""

import logging
from datetime import datetime

from django.db import IntegrityError, transaction

from foundation.alarms import raise_alarm
from payments.gateway import Ambiguous, Event, Field, Unreadable, Unverified, gateway
from payments.models import GatewayMessage, Payment
from payments.services import cases, outcome, unverified

log = logging.getLogger(__name__)
Channel = GatewayMessage.Channel
Verdict = GatewayMessage.Verdict


def record_message(*, channel: str, raw: bytes, at: datetime) -> GatewayMessage:
    """Stores what came at the moment `at`, then judges it.

    The row is committed before anything is judged, so nothing that FPX signed is lost. Whatever
    goes wrong afterwards leaves it unjudged, and the clock judges it again. What returns without a
    key is not kept: it came before by the same way, or there is too much that nobody signed.
    """
    look = unverified.look_at(channel=channel, raw=raw, at=at)
    message, is_new = _known(look), False
    if message is None:
        if unverified.is_too_much(look, channel=channel, at=at):
            return unverified.unkept(look, channel=channel, at=at)
        message, is_new = _store(channel, look, at)
    if message.verdict == Verdict.UNJUDGED:
        _judge(message, at)
    return message if is_new else unverified.count_repeat(message, at=at)


def _judge(message: GatewayMessage, at: datetime) -> None:
    try:
        judge_message(message=message, at=at)
    except Exception:  # the row is safe, and FPX deserves an answer
        log.exception("message %s could not be judged", message.pk)


def judge_message(*, message: GatewayMessage, at: datetime) -> GatewayMessage:
    """Judges a stored message and credits what it says; judging it twice changes nothing."""
    try:
        answer = gateway.read_notification(body_of(message), at=message.received_at)
    except Ambiguous as error:
        _refuse(message, str(error))
        raise_alarm("fpx_separator", message.order_number or "-", at=at, detail=str(error))
    except Unreadable as error:
        _refuse(message, str(error))
    except Unverified as error:
        _refuse(message, str(error))
        raise_alarm("fpx_signature", message.channel, at=at, detail=str(error))
    else:
        _credit_or_question(message, answer, at)
    return message


def body_of(message: GatewayMessage) -> bytes:
    """The bytes that were received."""
    return str(message.raw).encode("latin-1")


def side_by_side(*, message: GatewayMessage, payment: Payment | None) -> list[Field]:
    """What it says beside what we asked for that payment; empty when it is no message of FPX."""
    return gateway.side_by_side(body_of(message), payment.request if payment else "")


def _known(look: unverified.Look) -> GatewayMessage | None:
    """The row of what came before by the same way."""
    if not look.fingerprint:
        return None
    return GatewayMessage.objects.filter(fingerprint=look.fingerprint).first()


def _store(channel: str, look: unverified.Look, at: datetime) -> tuple[GatewayMessage, bool]:
    """The row, and whether it is new: of two copies at one moment the first is kept."""
    message = GatewayMessage(
        channel=channel,
        received_at=at,
        raw=look.body.decode("latin-1"),
        order_number=look.order_number,
        fingerprint=look.fingerprint,
    )
    try:
        with transaction.atomic(durable=True):
            message.save(force_insert=True)
    except IntegrityError:
        if (copy := _known(look)) is None:
            raise
        return copy, False
    return message, True


def _refuse(message: GatewayMessage, detail: str) -> None:
    log.warning("message %s (%s) is refused: %s", message.pk, message.channel, detail)
    outcome.close_message(message, Verdict.UNVERIFIED, detail=detail)


@transaction.atomic
def _credit_or_question(message: GatewayMessage, answer: Event, at: datetime) -> None:
    """A good signature says "FPX said this", not "this is for that order at that price"."""
    locked = Payment.objects.select_for_update(no_key=True).filter(reference=answer.reference)
    payment = next(iter(locked), None)
    disagreements = answer.disagreements(payment.request) if payment else ["unknown order"]
    if payment and not disagreements:
        outcome.record_outcome(payment=payment, message=message, answer=answer, at=at)
        return
    detail = f"{message.order_number or '-'}: {', '.join(disagreements)}"
    if payment and "fpx_fpxTxnId" not in disagreements:
        outcome.note_transaction(payment, answer)
    cases.open_anomaly(payment=payment, message=message, detail=detail, at=at)
    outcome.close_message(
        message,
        Verdict.ANOMALY,
        detail=detail,
        payment=payment,
        certificate=answer.certificate,
    )
