"""Keeps nonsense from filling the disk: anybody may post to the addresses that FPX calls.

Nonsense is what no trusted certificate signed and what names no order of ours. Like everything it
is stored before it is judged; but of a day only so much is kept, and none of it for ever.
"""

import logging
from datetime import datetime

from django.conf import settings

from foundation.alarms import raise_alarm
from payments.models import GatewayMessage

log = logging.getLogger(__name__)


def shed_nonsense(*, message: GatewayMessage, at: datetime) -> bool:
    """Drops a judged message again if it is nonsense and the day has seen enough of it."""
    most, span = settings.LIMITS["nonsense_kept"]
    recent = GatewayMessage.objects.nonsense().filter(received_at__gt=at - span)
    if recent.order_by()[: most + 1].count() <= most:
        return False
    dropped, _rows = GatewayMessage.objects.nonsense().filter(pk=message.pk).delete()
    if dropped:
        raise_alarm("fpx_nonsense", message.channel, at=at, detail=f"more than {most} in {span}")
    return bool(dropped)


def drop_old_nonsense(*, at: datetime) -> int:
    """Drops nonsense that nobody has asked about for a month; returns how much there was."""
    old = GatewayMessage.objects.nonsense().filter(received_at__lt=at - settings.NONSENSE_LIFE)
    dropped, _rows = old.delete()
    log.info("%s messages were nonsense and old", dropped)
    return dropped
