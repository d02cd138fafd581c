"""What is done after a commit: files are read, drivers told of decisions, exports written."""

from registration.tasks.decisions import send_decision, send_decision_sms
from registration.tasks.documents import keep_reading, read_document, scan_document
from registration.tasks.exports import make_export

__all__ = [
    "keep_reading",
    "make_export",
    "read_document",
    "scan_document",
    "send_decision",
    "send_decision_sms",
]
