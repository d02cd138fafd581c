"""The project's own rows; each is defined beside the code that keeps it."""

from foundation.alarms import Alarm
from foundation.audit import AuditEvent, AuditLink
from foundation.heartbeat import Heartbeat
from foundation.outbox import OutboxRow

__all__ = ["Alarm", "AuditEvent", "AuditLink", "Heartbeat", "OutboxRow"]
