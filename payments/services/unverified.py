"""Keeps strangers from filling the disk: anybody may post to the addresses that FPX calls.

What a trusted certificate signed is stored whole, whatever else comes. Of the rest no more is kept
than a genuine message has, so much of an order, and so much in all: what names no order of ours
(strays) goes after a month, what names one is evidence and stays. The same once more, by the same
way, is counted on the row that is there: whoever has paid holds a genuine message, and may post it
for ever, with whatever is added to it.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F

from foundation.alarms import raise_alarm
from foundation.encryption import keyed_digest
from payments.gateway import Ambiguous, Unreadable, Unverified, gateway
from payments.models import GatewayMessage, GatewayMessageQuerySet, Payment

# So many messages that nobody signed are kept of one order.
UNVERIFIED_OF_AN_ORDER = 10
# A genuine message is at most so long.
FPX_MESSAGE_MAX_BYTES = 4096
STRAY_LIFE = timedelta(days=30)

log = logging.getLogger(__name__)
Channel = GatewayMessage.Channel
Verdict = GatewayMessage.Verdict
_CREDITED = {Verdict.ACCEPTED, Verdict.REPEATED}


@dataclass(frozen=True)
class Look:
    """What is seen of a body before it is stored: `body` is what is worth keeping of it."""

    body: bytes
    is_signed: bool
    fingerprint: str
    order_number: str


def look_at(*, channel: str, raw: bytes, at: datetime) -> Look:
    """Tells what may be kept of a body; decides nothing about money.

    An answer that we asked for is new each time, though it says the same: it has no fingerprint.
    """
    body, is_signed, says = _judged(raw, at)
    # A stranger may post what FPX signs, unsigned: that must never pass for the genuine message.
    purpose = f"fpx {channel} {'signed' if is_signed else 'unsigned'}"
    is_public = channel != Channel.ENQUIRY
    fingerprint = keyed_digest(purpose, says.decode("latin-1")) if is_public else ""
    return Look(body, is_signed, fingerprint, gateway.claimed_reference(body))


def _judged(raw: bytes, at: datetime) -> tuple[bytes, bool, bytes]:
    """The body to keep, whether it is signed, and by what it is known again."""
    try:
        return raw, True, gateway.read_notification(raw, at=at).signed
    except Ambiguous as error:  # FPX did sign it: evidence, however it is cut
        return raw, True, error.signed
    except (Unreadable, Unverified):
        body = raw[:FPX_MESSAGE_MAX_BYTES]
        return body, False, body
    except Exception:  # a fault of ours: it may be genuine, and is judged again later
        log.exception("a message cannot be read")
        return raw, True, raw


def is_too_much(look: Look, *, channel: str, at: datetime) -> bool:
    """True, with an alarm, when no more of what nobody signed is kept."""
    if look.is_signed:
        return False
    kept = GatewayMessage.objects
    if not Payment.objects.filter(reference=look.order_number).exists():
        most, span = settings.LIMITS["stray_kept"]
        return _is_over(kept.stray().filter(received_at__gt=at - span), most, channel, at)
    of_order = kept.unverified().filter(order_number=look.order_number)
    most, span = settings.LIMITS["unverified_kept"]
    return _is_over(of_order, UNVERIFIED_OF_AN_ORDER, look.order_number, at) or _is_over(
        kept.of_our_orders().filter(received_at__gt=at - span), most, channel, at
    )


def _is_over(kept: GatewayMessageQuerySet, most: int, key: str, at: datetime) -> bool:
    if kept.order_by()[:most].count() < most:
        return False
    raise_alarm("fpx_unverified", key, at=at, detail=f"more than {most}: no more is kept")
    return True


def count_repeat(message: GatewayMessage, *, at: datetime) -> GatewayMessage:
    """Counts up the row that is there; returns what is said of the copy, which has no row."""
    rows = GatewayMessage.objects.filter(pk=message.pk)
    rows.update(repeats=F("repeats") + 1, last_repeated_at=at)
    is_credited = message.verdict in _CREDITED
    return GatewayMessage(
        channel=message.channel,
        received_at=at,
        order_number=message.order_number,
        verdict=Verdict.REPEATED if is_credited else message.verdict,
        detail=message.detail,
        payment_id=message.payment_id,
    )


def unkept(look: Look, *, channel: str, at: datetime) -> GatewayMessage:
    """What is said of a body of which nothing is kept."""
    return GatewayMessage(
        channel=channel,
        received_at=at,
        order_number=look.order_number,
        verdict=Verdict.UNVERIFIED,
        detail="not kept",
    )


def drop_old_strays(*, at: datetime) -> int:
    """Drops strays that nobody has asked about for a month; returns how many there were."""
    old = GatewayMessage.objects.stray().filter(received_at__lt=at - STRAY_LIFE)
    dropped, _rows = old.delete()
    log.info("%s unverified messages about no order were old", dropped)
    return dropped
