"""Codes: asking for one, by SMS or by e-mail, and using it up.

The digits are made by the worker alone.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import tasks
from accounts.models import Channel, Code, EmailLink, PhoneDevice, Purpose
from accounts.services import limits, persons, watch
from foundation import audit, outbox
from foundation.alarms import is_on
from foundation.outbox import OutboxRow
from foundation.refusals import Refusal

_SENDS = ("code_per_hour", "code_per_day")
_SENDS_BEFORE_EMAIL = 2
_OF_OWNERS = {Purpose.LOG_IN, Purpose.PROOF}
_MINUTE = timedelta(minutes=1)
_SMS_ONLY = timedelta(hours=24)


class WrongCode(Refusal):
    """No code of this attempt has these digits."""

    words = gettext_lazy("Kod OTP tidak betul. Semak SMS terkini dan cuba lagi")


class ExpiredCode(Refusal):
    """The code was right but came too late; a new one is on its way."""

    words = gettext_lazy("Kod OTP telah tamat tempoh. Kami telah menghantar kod baharu")


class TooSoon(limits.TooMany):
    """The last code was asked for less than a minute ago; `wait` says when the next may be."""

    def __str__(self) -> str:
        return _("Tunggu %(seconds)d saat, kemudian minta kod baharu") % {
            "seconds": in_seconds(self.wait)
        }


def in_seconds(wait: timedelta) -> int:
    """A wait as it is told: whole seconds, none too few."""
    return math.ceil(wait.total_seconds())


@dataclass(frozen=True)
class CodeCheck:
    """One browser's attempt to prove a phone.

    `device` without a row is nobody's; `who` is what sends are counted by: the phone, or what was
    typed when nobody is known by it.
    """

    purpose: Purpose
    attempt: UUID
    device: PhoneDevice
    who: str

    @property
    def counted_as(self) -> str:
        """The name of its limits: each purpose has its own, so strangers cannot use up a log-in."""
        return f"{self.purpose}:{self.who}"

    @property
    def codes(self) -> QuerySet[Code]:
        """The codes that this attempt asked for."""
        return Code.objects.filter(
            device=self.device.pk, purpose=self.purpose, attempt=self.attempt
        )


@dataclass(frozen=True)
class CodeState:
    """By what the attempt's last code was sent, and what stands about the next one.

    `is_refused`: no carrier has taken the last one, or it said that it did not arrive. `wait` are
    the seconds until another may be asked for.
    """

    channel: Channel
    is_sms_slow: bool
    may_be_mailed: bool
    is_refused: bool
    wait: int


def request_code(check: CodeCheck, *, at: datetime, channel: Channel = Channel.SMS) -> Code:
    """Records that a code is wanted, one a minute, five an hour, ten a day.

    Raises TooSoon within the minute, TooMany after that.
    """
    with transaction.atomic():
        try:
            limits.take("code_per_minute", _counted_as(check, channel), at=at)
        except limits.TooMany as error:
            raise TooSoon(error.wait) from error
        return _request(check, channel, at, wanted_at=at)


def _request(check: CodeCheck, channel: Channel, at: datetime, *, wanted_at: datetime) -> Code:
    for limit in _SENDS:
        limits.take(limit, _counted_as(check, channel), at=at)
    return add_request(check, channel=channel, at=wanted_at)


@transaction.atomic
def add_request(check: CodeCheck, *, channel: Channel, at: datetime) -> Code:
    """Records that something is to be sent at this moment; whoever calls has counted it."""
    code = Code.objects.create(
        device=check.device if check.device.pk else None,
        purpose=check.purpose,
        attempt=check.attempt,
        channel=channel,
        requested_at=at,
    )
    outbox.add(tasks.send_code, code.pk, at=at)
    return code


def request_code_soon(check: CodeCheck, *, at: datetime, channel: Channel = Channel.SMS) -> Code:
    """Records that a code is wanted; within the minute of another it is sent when that is over.

    Who asks for the first time in this browser is not told to wait for what another one asked for.
    Raises TooMany.
    """
    try:
        return request_code(check, at=at, channel=channel)
    except TooSoon as error:
        with transaction.atomic():
            return _request(check, channel, at, wanted_at=at + error.wait)


def _counted_as(check: CodeCheck, channel: Channel) -> str:
    """Mails are counted apart: they are the way out when the SMS are used up."""
    return check.counted_as if channel == Channel.SMS else f"{channel}:{check.counted_as}"


def are_sends_used_up(check: CodeCheck, *, at: datetime) -> bool:
    """True when no more SMS are sent to it in this hour or day."""
    return any(limits.is_used_up(limit, check.counted_as, at=at) for limit in _SENDS)


def was_just_requested(check: CodeCheck, *, at: datetime, channel: Channel | None = None) -> bool:
    """True when the attempt asked for a code, by this channel or any, less than a minute ago."""
    codes = check.codes.filter(requested_at__gt=at - _MINUTE)
    return (codes.filter(channel=channel) if channel else codes).exists()


def code_state(check: CodeCheck, *, at: datetime, unsent: Channel = Channel.SMS) -> CodeState:
    """What a code page says; a code by e-mail is offered after two sends, or when SMS fail.

    `unsent` is the channel of an attempt that nothing was sent for.
    """
    is_refused = Exists(OutboxRow.objects.refused(tasks.send_code, OuterRef("pk")))
    codes = check.codes.annotate(is_refused=is_refused).order_by("pk")
    asked = list(codes.values_list("channel", "is_refused", "requested_at"))
    channel, was_refused, last_at = asked[-1] if asked else (unsent, False, at - _MINUTE)
    is_slow = is_on(watch.SMS_IS_SLOW, at=at)
    return CodeState(
        channel=Channel(channel),
        is_sms_slow=is_slow,
        may_be_mailed=is_slow or was_refused or len(asked) >= _SENDS_BEFORE_EMAIL,
        is_refused=was_refused,
        wait=in_seconds(max(last_at + _MINUTE - at, timedelta(0))),
    )


def page_state(check: CodeCheck, *, at: datetime) -> CodeState:
    """The same for a page; for a day after a forgotten password no code of its owner is mailed.

    Whoever reads the owner's mail, and got the password by it, must not get in by it as well.
    """
    state = code_state(check, at=at)
    if check.purpose not in _OF_OWNERS:
        return state
    is_offered = state.may_be_mailed and is_mailbox_enough(check.device.user_id, at=at)
    return replace(state, may_be_mailed=is_offered)


def is_mailbox_enough(user_id: int, *, at: datetime) -> bool:
    """False for a day after a forgotten password: the mailbox has opened that already."""
    links = EmailLink.objects.filter(user=user_id, purpose=EmailLink.Purpose.RESET)
    return not links.filter(used_at__gt=at - _SMS_ONLY).exists()


def request_code_once(check: CodeCheck, *, at: datetime, channel: Channel = Channel.SMS) -> None:
    """Records that a code is wanted unless the same attempt asked just now; raises TooMany.

    A button pressed twice is one request: whoever comes second finds the first one's code.
    """
    if was_just_requested(check, at=at):
        return
    try:
        request_code(check, at=at, channel=channel)
    except limits.TooMany:
        if not was_just_requested(check, at=at):
            request_code_soon(check, at=at, channel=channel)


@contextmanager
def used_code(check: CodeCheck, digits: str, *, at: datetime) -> Iterator[Code]:
    """Runs its block, which is given the code, in the transaction that uses the code up.

    Raises TooMany after too many wrong codes, WrongCode, or ExpiredCode after asking for
    a new code. Tries are counted outside of the transaction, so that failing does not undo them.
    """
    _count_try(check, at)
    _refuse_a_late_one(check, digits, at)
    with transaction.atomic():
        persons.lock_account(check.device.user_id)
        code = check.device.use_code(digits, purpose=check.purpose, attempt=check.attempt, at=at)
        if code is None:
            raise WrongCode
        _forget_tries(check)
        yield code


def are_codes_used_up(check: CodeCheck, *, at: datetime) -> bool:
    """True when no code by SMS would be taken: too many wrong ones were typed for the account."""
    return limits.is_used_up("wrong_codes", _account(check), at=at)


def _count_try(check: CodeCheck, at: datetime) -> None:
    """Counts a try of the attempt and of the account; a day of wrong codes leaves mailed ones."""
    limits.take("code_tries", str(check.attempt), at=at)
    if check.purpose == Purpose.SIGN_UP:
        return
    try:
        limits.take("wrong_codes", _account(check), at=at)
    except limits.TooMany:
        _tell_owner(check, at)
        # Who forgot the password is mailed a link, which needs no code.
        if check.purpose == Purpose.RESET or code_state(check, at=at).channel != Channel.EMAIL:
            raise


def _account(check: CodeCheck) -> str:
    """Whose wrong codes are counted; what a stranger tries is not what its owner proves."""
    return f"{check.purpose}:{check.device.user_id if check.device.pk else check.who}"


def _tell_owner(check: CodeCheck, at: datetime) -> None:
    """Mails the owner, once a day, that somebody tries codes, and keeps it."""
    if limits.is_free("wrong_codes_told", _account(check), at=at) and check.device.pk:
        audit.record("wrong_codes", subject=check.device.user, at=at, purpose=check.purpose)
        outbox.add(tasks.send_wrong_codes, check.device.user_id, at=at)


def _refuse_a_late_one(check: CodeCheck, digits: str, at: datetime) -> None:
    is_late = check.device.has_expired_token(
        digits, purpose=check.purpose, attempt=check.attempt, at=at
    )
    if is_late:
        request_code_soon(check, channel=code_state(check, at=at).channel, at=at)
        raise ExpiredCode


def _forget_tries(check: CodeCheck) -> None:
    """A code that was used shows that the phone's owner asked for it.

    Sign-ups still count for the hour: whoever owns a phone could else spend our SMS without end.
    """
    limits.forget("code_tries", str(check.attempt))
    limits.forget("code_per_minute", check.counted_as)
    if check.purpose != Purpose.SIGN_UP:
        forget_sends(check)


def forget_sends(check: CodeCheck) -> None:
    """Begins the sends and the wrong codes of a purpose anew."""
    for limit in _SENDS:
        limits.forget(limit, check.counted_as)
    limits.forget("wrong_codes", _account(check))
