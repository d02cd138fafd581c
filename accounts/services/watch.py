"""Watching the codes: is the SMS gateway slow, does somebody spend our SMS?

A job looks every minute and raises an alarm for as long as it is so. Pages ask whether the alarm
is on: drivers are told of a slow gateway, and unproved numbers are asked for a mailed code first.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from accounts.models import Channel, Code, EmailLink, Purpose
from accounts.services import limits
from accounts.tasks import send_code
from foundation.alarms import raise_alarm
from foundation.outbox import OutboxRow

# All SMS together: so many times the usual of this hour, or so few codes used, are fraud.
CODES_BREAK_AT_TIMES = 3
CODES_BREAK_BELOW_SHARE = 0.4
# A code is slow that took longer than this; so large a share of slow ones is told to drivers.
CODE_IS_SLOW_AFTER = timedelta(minutes=1)
CODES_ARE_SLOW_FROM_SHARE = 0.15

SMS_IS_SLOW = "sms_slow"
SMS_IS_SPENT = "sms_spent"
MAILS_ARE_SPENT = "mails_spent"
RESERVE_IS_SPENT = "reserve_spent"
_WINDOW = timedelta(minutes=15)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_WEEKS = [timedelta(weeks=number) for number in (1, 2, 3, 4)]
# Fewer codes than these tell nothing.
_FEWEST_FOR_SPEED = 5
_FEWEST_FOR_USE = 20
_FEWEST_AN_HOUR = 60


def watch_codes(*, at: datetime) -> None:
    """Raises the alarms whose reason holds at this moment."""
    if reason := _why_slow(at):
        raise_alarm(SMS_IS_SLOW, "gateway", at=at, detail=reason)
    if reason := _why_spent(at):
        raise_alarm(SMS_IS_SPENT, "codes", at=at, detail=reason)
    if reason := _why_mailed(at):
        raise_alarm(MAILS_ARE_SPENT, "unproved", at=at, detail=reason)
    if limits.is_used_up("reserved_codes_in_all", "", at=at):
        raise_alarm(RESERVE_IS_SPENT, "sign_up", at=at, detail="all codes of proved mailboxes")


def _why_mailed(at: datetime) -> str:
    """Why mails to addresses that nobody has proved look like abuse; empty when they do not."""
    codes = Code.objects.filter(channel=Channel.EMAIL, purpose=Purpose.SIGN_UP)
    purposes = [EmailLink.Purpose.ACTIVATE, EmailLink.Purpose.NEW_EMAIL]
    last = {"requested_at__gt": at - _HOUR, "requested_at__lte": at}
    links = EmailLink.objects.filter(purpose__in=purposes, **last)
    # A link that was used has proved its address.
    count = codes.filter(**last).count() + links.filter(used_at=None).count()
    if count > settings.MAILS_AN_HOUR:
        return f"{count} mails to unproved addresses in an hour"
    return _why_unused(codes, at)


def _why_unused(codes: QuerySet[Code], at: datetime) -> str:
    ripe = codes.filter(requested_at__gt=at - 2 * _WINDOW, requested_at__lte=at - _WINDOW)
    count, used = ripe.count(), ripe.filter(used_at__isnull=False).count()
    if count >= _FEWEST_FOR_USE and used < CODES_BREAK_BELOW_SHARE * count:
        return f"{used} of {count} codes were used"
    return ""


def _texts(since: datetime, until: datetime) -> QuerySet[Code]:
    """The codes for somebody that were wanted by SMS in this time."""
    codes = Code.objects.filter(channel=Channel.SMS, device__isnull=False)
    return codes.filter(requested_at__gt=since, requested_at__lte=until)


def _why_slow(at: datetime) -> str:
    """What is slow about the last quarter of an hour; empty when nothing is."""
    limit = CODE_IS_SLOW_AFTER
    codes = _with_news(_texts(at - _WINDOW, at - limit))
    is_late = Q(sent_at=None, used_at=None) | Q(sent_at__gt=F("requested_at") + limit)
    if settings.SMS_RECEIPTS:
        never = Q(delivered_at=None, used_at=None, requested_at__lte=at - 3 * limit)
        is_late |= Q(delivered_at__gt=F("requested_at") + limit) | never
    count, late = codes.count(), codes.filter(is_late).count()
    if count < _FEWEST_FOR_SPEED or late < CODES_ARE_SLOW_FROM_SHARE * count:
        return ""
    return f"{late} of {count} codes took longer than {limit}"


def _with_news(codes: QuerySet[Code]) -> QuerySet[Code]:
    """With the moments when the gateway took each, and when it said that the phone has it."""
    sending = OutboxRow.objects.filter(kind=send_code.kind, subject_id=OuterRef("pk"))
    return codes.annotate(
        sent_at=Subquery(sending.values("sent_at")[:1]),
        delivered_at=Subquery(sending.values("delivered_at")[:1]),
    )


def _why_spent(at: datetime) -> str:
    """Why the codes look like fraud, or cost too much; empty when they do not."""
    count = _texts(at - _DAY, at).count()
    if count > settings.CODES_A_DAY:
        return f"{count} codes in a day"
    count = _texts(at - _HOUR, at).count()
    usual = sum(_texts(at - ago - _HOUR, at - ago).count() for ago in _WEEKS) / len(_WEEKS)
    # A portal in its first week has no usual.
    has_history = _texts(at - _WEEKS[-1], at - _WEEKS[0]).exists()
    is_many = count >= _FEWEST_AN_HOUR and count > CODES_BREAK_AT_TIMES * usual
    if has_history and is_many:
        return f"{count} codes in an hour, usually {usual:.0f}"
    return _why_unused(Code.objects.filter(channel=Channel.SMS, device__isnull=False), at)
