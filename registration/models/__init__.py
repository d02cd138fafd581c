"""The registration, its supporting documents, and the dated document rules."""

from registration.models.choices import DocumentKind, Region, Sector, State
from registration.models.claims import ReviewClaim
from registration.models.documents import DocumentStatusChange, SupportingDocument
from registration.models.exports import Export
from registration.models.registration_queries import SENT_AGAIN, WAITING, WAITS_FROM
from registration.models.registrations import Registration, RegistrationStatusChange
from registration.models.returns import ReturnedDocument
from registration.models.rules import DocumentRule

__all__ = [
    "SENT_AGAIN",
    "WAITING",
    "WAITS_FROM",
    "DocumentKind",
    "DocumentRule",
    "DocumentStatusChange",
    "Export",
    "Region",
    "Registration",
    "RegistrationStatusChange",
    "ReturnedDocument",
    "ReviewClaim",
    "Sector",
    "State",
    "SupportingDocument",
]
