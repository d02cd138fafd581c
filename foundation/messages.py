"""What became of each mail and SMS: handed over, delivered or not, on the outbox row that sent it.

A row knows its act and its subject's number, no address and no text. An SMS gateway reports
delivery to an address that is signed for the one row, so nobody else can say what it says.
"""

from datetime import datetime, timedelta

from django.core import signing

from foundation import outbox
from foundation.addresses import absolute
from foundation.outbox import OutboxRow

MAIL, SMS = "mail", "sms"
_SALT = "perkeso.sms_receipt"
_REPORTED_WITHIN = timedelta(days=7)  # a gateway tries for three days at most
# The short message standard's words; what stands in neither list is no last word.
_DELIVERED = {"DELIVRD"}
_UNDELIVERED = {"UNDELIV", "EXPIRED", "REJECTD", "DELETED"}


class NotOurs(Exception):
    """The report names no message that we sent."""


def note_sent(channel: str) -> None:
    """Notes that the act which is being tried handed a message over to a carrier."""
    current = outbox.current.get()
    if current is not None:
        row_id, at = current
        OutboxRow.objects.filter(pk=row_id).update(channel=channel, sent_at=at)


def report_address() -> str:
    """Where the gateway reports delivery of the act that is being tried; empty outside of one."""
    current = outbox.current.get()
    if current is None:
        return ""
    token = signing.dumps(current[0], salt=_SALT, compress=False)
    return absolute("sms_report", token)


def note_report(*, token: str, status: str, at: datetime) -> None:
    """Notes what the gateway says of one SMS; the first last word stays. Raises NotOurs."""
    try:
        row_id = signing.loads(token, salt=_SALT, max_age=_REPORTED_WITHIN)
    except signing.BadSignature:
        raise NotOurs from None
    rows = OutboxRow.objects.filter(pk=row_id, delivered_at=None, undelivered_at=None)
    if status in _DELIVERED:
        rows.update(delivered_at=at)
    elif status in _UNDELIVERED:
        rows.update(undelivered_at=at)
