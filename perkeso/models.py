"""The project's own rows; each is defined beside the code that keeps it."""

from perkeso.alarms import Alarm
from perkeso.audit import AuditEvent
from perkeso.outbox import OutboxRow

__all__ = ["Alarm", "AuditEvent", "OutboxRow"]
