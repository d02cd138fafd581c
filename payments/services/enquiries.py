"""Asks FPX how attempts stand that nobody told us about, and stops waiting in time."""

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from foundation import states
from foundation.alarms import raise_alarm
from foundation.clock import only_one
from foundation.refusals import Refusal
from payments.enquiry_schedule import FPX_ENQUIRY_SCHEDULE, next_enquiry_at
from payments.gateway import Reply, Unreachable, gateway
from payments.models import GatewayMessage, Payment, PaymentCase
from payments.services import attempts, cases, messages

log = logging.getLogger(__name__)
Status = Payment.Status
# A message unjudged for so long has lost its judge.
_JUDGING_TAKES = timedelta(minutes=1)


class EnquiredJustNow(Refusal):
    """FPX was asked about this payment less than a minute ago."""

    words = _("Status baru sahaja disemak. Cuba lagi selepas 1 minit.")


class Busy(Refusal):
    """As many pages ask FPX as may at one time, or one of the same account does."""

    words = _("Banyak status sedang disemak sekarang. Cuba lagi sebentar lagi.")


class AskedSoon(Busy):
    """The same, and the clock asks about this payment in its next turn."""

    words = _(
        "Banyak status sedang disemak sekarang. Kami akan menyemak bayaran ini dalam 1 minit; "
        "halaman ini akan berubah apabila ada jawapan."
    )


def enquire(*, payment: Payment, at: datetime) -> Payment:
    """Asks FPX (AE) about a payment that has not succeeded, and records the answer.

    Somebody looks at the page, and holds one of its threads: FPX has a page's time to answer, few
    pages ask at one time, and of one account one. No transaction is open while it is asked.
    Raises EnquiredJustNow, Busy, AskedSoon and Unreachable.
    """
    with _page_turn(payment) as is_free:
        if not is_free:
            raise _put_off(payment, at)
        if not _is_claimed(payment, at):
            raise EnquiredJustNow
        _ask([payment], at, settings.FPX_PAGE_TIMEOUT_SECONDS)
    payment.refresh_from_db()
    return payment


@contextmanager
def _page_turn(payment: Payment) -> Iterator[bool]:
    """Holds one of the pages' turns; yields False when all are held, or one for this account."""
    account = payment.contribution.registration.user_id
    with only_one(f"payments.enquire.account:{account}") as is_only, ExitStack() as held:
        turns = range(settings.FPX_PAGE_ENQUIRIES_AT_ONCE if is_only else 0)
        yield any(held.enter_context(only_one(f"payments.enquire.page:{turn}")) for turn in turns)


def _put_off(payment: Payment, at: datetime) -> Busy:
    """Has the clock ask in its next turn, if it is to ask at all: a sure "no" stays as it is."""
    later = Payment.objects.filter(pk=payment.pk, next_enquiry_at__gt=at)
    later.exclude(status=Status.SUCCEEDED).update(next_enquiry_at=at)
    return AskedSoon() if payment.next_enquiry_at else Busy()


def enquire_together(*, payments: Sequence[Payment], at: datetime) -> None:
    """Does the same for several at one time, but for those that FPX was asked about just now.

    FPX may take seconds to answer, and hundreds may wait when its messages stop coming. Raises
    Unreachable when it answers about none of them.
    """
    claimed = [payment for payment in payments if _is_claimed(payment, at)]
    _ask(claimed, at, settings.FPX_TIMEOUT_SECONDS)


def expire_unseen(*, at: datetime) -> int:
    """Expires undecided attempts that FPX has not seen 20 minutes after their start.

    FPX is still asked about them for a day. Returns how many there were.
    """
    payments = list(Payment.objects.unseen())
    for payment in payments:
        _expire(payment, at)
    return len(payments)


def open_overdue_cases(*, at: datetime) -> int:
    """Opens a case for each payment undecided for 72 hours that has none open; returns how many."""
    # No `exclude(cases__…)`: its two conditions would be held against two cases.
    open_cases = PaymentCase.objects.filter(kind=PaymentCase.Kind.UNDECIDED, closed_at=None)
    has_case = Exists(open_cases.filter(payment=OuterRef("pk")))
    payments = list(Payment.objects.overdue(at).filter(~has_case))
    for payment in payments:
        cases.open_case(kind=PaymentCase.Kind.UNDECIDED, payment=payment, at=at)
    return len(payments)


def judge_left_over(*, at: datetime) -> int:
    """Judges stored messages whose judge was killed or failed; returns how many there were."""
    left_over = GatewayMessage.objects.unjudged().filter(received_at__lte=at - _JUDGING_TAKES)
    found = list(left_over)
    for message in found:
        try:
            messages.judge_message(message=message, at=at)
        except Exception as error:  # one that cannot be judged must not hold up the others
            log.exception("message %s cannot be judged", message.pk)
            raise_alarm("fpx_unjudged", str(message.pk), at=at, detail=type(error).__name__)
    return len(found)


def _is_claimed(payment: Payment, at: datetime) -> bool:
    """Takes this minute's enquiry; a claimed one that gets no answer leaves no code behind."""
    _count, pause = settings.LIMITS["enquiry_per_minute"]
    free = Q(last_enquired_at=None) | Q(last_enquired_at__lte=at - pause)
    free |= Q(last_enquired_at__gt=at + pause)  # by a clock that was ahead
    rows = Payment.objects.filter(free, pk=payment.pk).exclude(status=Status.SUCCEEDED)
    next_at = _next_enquiry_at(payment, at)
    return bool(rows.update(last_enquired_at=at, enquiry_code="", next_enquiry_at=next_at))


def _ask(payments: Sequence[Payment], at: datetime, timeout: float) -> None:
    """Waits for the answers side by side, and records them one after the other."""
    with ThreadPoolExecutor(max(1, len(payments))) as waiting:
        replies = list(waiting.map(partial(_reply, timeout=timeout), payments))
    silences = []
    for payment, reply in zip(payments, replies, strict=True):
        if isinstance(reply, Unreachable):
            _ask_again_soon(payment, at)
            silences.append(reply)
        else:
            _record(payment, reply, at)
        if payment.status == Status.FAILED and at >= payment.ends_at:
            _release(payment, at)
    if silences and len(silences) == len(payments):
        raise silences[0]


def _reply(payment: Payment, *, timeout: float) -> Reply | Unreachable:
    try:
        return gateway.query(payment.request, timeout=timeout)
    except Unreachable as silence:
        return silence
    except Exception as error:  # the answers about the others are as good as ever
        log.exception("the answer about %s cannot be read", payment.reference)
        return Unreachable(type(error).__name__)


def _ask_again_soon(payment: Payment, at: datetime) -> None:
    """FPX has not heard the question, and the next turn may be hours off, or have been the last."""
    _count, pause = settings.LIMITS["enquiry_per_minute"]
    if payment.next_enquiry_at is not None:  # as it was before the enquiry was claimed
        unpaid = Payment.objects.filter(pk=payment.pk).exclude(status=Status.SUCCEEDED)
        unpaid.update(next_enquiry_at=at + pause)


def _record(payment: Payment, reply: Reply, at: datetime) -> None:
    message = messages.record_message(
        channel=GatewayMessage.Channel.ENQUIRY, raw=reply.raw, at=at + reply.took
    )
    if message.verdict == GatewayMessage.Verdict.UNVERIFIED:
        raise_alarm("fpx_enquiry", "no information", at=at, detail=message.detail)
    for unseen in Payment.objects.unseen().filter(pk=payment.pk):
        _expire(unseen, at)


def _next_enquiry_at(payment: Payment, at: datetime) -> datetime | None:
    if payment.status == Status.FAILED and not payment.is_unsure:
        return None
    return next_enquiry_at(started_at=payment.started_at, at=at, schedule=FPX_ENQUIRY_SCHEDULE)


@transaction.atomic
def _release(payment: Payment, at: datetime) -> None:
    """A "no" that nobody confirmed in the life of its attempt keeps the plan no longer."""
    payment.contribution = attempts.lock_contribution(payment.contribution_id)
    attempts.release_decided(payment=payment, at=at)


@transaction.atomic
def _expire(payment: Payment, at: datetime) -> None:
    locked = Payment.objects.unseen().select_for_update(no_key=True).filter(pk=payment.pk).first()
    if locked is None:  # decided meanwhile
        return
    locked.contribution = attempts.lock_contribution(locked.contribution_id)
    states.move(locked, Status.EXPIRED, at=at, note="FPX has not seen it")
    attempts.release_decided(payment=locked, at=at)
