"""The registration, its supporting documents, and the dated document rules."""

from registration.models.choices import Region, Sector, State
from registration.models.claims import ReviewClaim
from registration.models.documents import (
    DocumentKind,
    DocumentRule,
    DocumentUpload,
    SupportingDocument,
)
from registration.models.exports import Export
from registration.models.registrations import (
    WAITING,
    WAITS_FROM,
    Registration,
    RegistrationStatusChange,
)

__all__ = [
    "WAITING",
    "WAITS_FROM",
    "DocumentKind",
    "DocumentRule",
    "DocumentUpload",
    "Export",
    "Region",
    "Registration",
    "RegistrationStatusChange",
    "ReviewClaim",
    "Sector",
    "State",
    "SupportingDocument",
]
