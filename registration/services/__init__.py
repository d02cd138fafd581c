"""The stories of a registration: begun, filled in, submitted, decided, renewed."""

from registration.services.claims import (
    HeldByAnother,
    claim_next,
    claim_registration,
    release_claim,
)
from registration.services.decisions import (
    DocumentsNotReady,
    NoLongerEligible,
    NotAwaitingReview,
    ReasonRequired,
    allow_registration,
    approve_registration,
    reject_registration,
    return_registration,
)
from registration.services.drafts import (
    NotEditable,
    choose_registration,
    drop_own_drafts,
    drop_stale_drafts,
    save_details,
    save_service,
)
from registration.services.exports import drop_ended_exports, request_export
from registration.services.pictures import link_to_picture, open_picture
from registration.services.rules import (
    add_document_rule,
    change_document_rule,
    load_document_rules,
)
from registration.services.submission import (
    NotEligible,
    NothingChanged,
    queue_for_review,
    renew_registration,
    submit_registration,
)
from registration.services.uploads import (
    FileRequired,
    NotStored,
    attach_document,
    keep_upload,
)

__all__ = [
    "DocumentsNotReady",
    "FileRequired",
    "HeldByAnother",
    "NoLongerEligible",
    "NotAwaitingReview",
    "NotEditable",
    "NotEligible",
    "NotStored",
    "NothingChanged",
    "ReasonRequired",
    "add_document_rule",
    "allow_registration",
    "approve_registration",
    "attach_document",
    "change_document_rule",
    "choose_registration",
    "claim_next",
    "claim_registration",
    "drop_ended_exports",
    "drop_own_drafts",
    "drop_stale_drafts",
    "keep_upload",
    "link_to_picture",
    "load_document_rules",
    "open_picture",
    "queue_for_review",
    "reject_registration",
    "release_claim",
    "renew_registration",
    "request_export",
    "return_registration",
    "save_details",
    "save_service",
    "submit_registration",
]
