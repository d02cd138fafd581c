"""The project's own rows; each is defined beside the code that keeps it."""

from perkeso.alarms import Alarm
from perkeso.audit import AuditEvent, AuditLink
from perkeso.outbox import OutboxRow

__all__ = ["Alarm", "AuditEvent", "AuditLink", "OutboxRow"]
