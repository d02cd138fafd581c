"""The project's own rows; each is defined beside the code that keeps it."""

from foundation.alarms import Alarm
from foundation.audit import AuditEvent, AuditLink
from foundation.heartbeat import Heartbeat
from foundation.outbox import OutboxRow
from foundation.proposals import Proposal, ProposalStatusChange

__all__ = [
    "Alarm",
    "AuditEvent",
    "AuditLink",
    "Heartbeat",
    "OutboxRow",
    "Proposal",
    "ProposalStatusChange",
]
