"""What an officer decides; no decision shortens cover already paid."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from foundation import audit, states
from foundation.refusals import Refusal
from foundation.wording import local
from registration import eligibility
from registration.eligibility import Reason
from registration.models import (
    DocumentRule,
    Registration,
    ReturnedDocument,
    SupportingDocument,
)
from registration.services import claims, drafts, submission

if TYPE_CHECKING:
    from accounts.models import User

Status = Registration.Status


class NotAwaitingReview(Refusal):
    """There is nothing to decide: unpaid, with the driver, or decided already."""

    words = _("Pendaftaran ini tidak menunggu keputusan.")


class ReasonRequired(Refusal):
    """Whoever is refused must be told why; "another reason" says nothing without a note."""

    words = _("Pilih sebab, dan terangkan jika sebab lain.")


class DocumentsNotReady(Refusal):
    """A document waits for its scan, or was found infected: nobody has seen it."""

    words = _("Ada dokumen yang belum diimbas, atau yang mengandungi virus.")


class NotThere(Refusal):
    """A document to be returned is none of those that the officer looks at."""

    words = _("Dokumen itu sudah diganti. Semak pendaftaran ini sekali lagi.")


class NoLongerEligible(Refusal):
    """What was referred is now refused by the rules: nothing could be paid for it."""

    words = _("Peraturan kini menolak pendaftaran ini, jadi ia tidak boleh dibenarkan: %(why)s")

    def __init__(self, reasons: Iterable[Reason]) -> None:
        why = " ".join(reason.sentence for reason in reasons)
        super().__init__(str(self.words) % {"why": why})


@dataclass(frozen=True)
class Fault:
    """A document that must be sent again, and why."""

    document: SupportingDocument
    reason: str


def approve_registration(
    *, registration: Registration, by: "User", at: datetime, note: str = ""
) -> Registration:
    """Confirms a paid registration as it stands.

    Raises NotAwaitingReview, ForbiddenMove, HeldByAnother while another officer has claimed it, and
    DocumentsNotReady.
    """
    ready, asked = SupportingDocument.Status.READY, registration.assessment(at).kinds
    if any(one.status != ready for one in registration.live_documents if one.kind in asked):
        raise DocumentsNotReady
    return _decide(registration, Status.APPROVED, by, at, note=note, queued_at=None)


@transaction.atomic
def return_registration(
    *,
    registration: Registration,
    by: "User",
    at: datetime,
    reason: str = "",
    note: str = "",
    faults: Collection[Fault] = (),
) -> Registration:
    """Asks the driver to mend something; they read reason and note. No new contribution till then.

    With `faults` they read which documents to send again; the registration then has the reason of
    the first, unless it has its own. Raises NotAwaitingReview, ForbiddenMove, HeldByAnother,
    ReasonRequired and NotThere.
    """
    reasons = [*filter(None, [reason]), *(fault.reason for fault in faults)]
    for one in reasons or [""]:
        _require_reason(one, note)
    if not {fault.document for fault in faults} <= set(registration.live_documents):
        raise NotThere
    row = _decide(registration, Status.RETURNED, by, at, reason=reasons[0], note=note)
    change = row.status_changes.latest("pk")
    ReturnedDocument.objects.bulk_create(
        ReturnedDocument(change=change, document=fault.document, reason=fault.reason)
        for fault in faults
    )
    return row


def reject_registration(
    *, registration: Registration, by: "User", at: datetime, reason: str, note: str = ""
) -> Registration:
    """Ends a registration; the driver may begin another. Raises as `return_registration` does."""
    _require_reason(reason, note)
    return _decide(registration, Status.REJECTED, by, at, reason=reason, note=note, queued_at=None)


@transaction.atomic
def allow_registration(
    *, registration: Registration, by: "User", at: datetime, note: str = ""
) -> Registration:
    """Lets a referred registration be paid for; holds until region or kind of document changes.

    Raises NotAwaitingReview, ForbiddenMove and HeldByAnother, and NoLongerEligible when a document
    has run out while it waited: the driver would be told that they may pay, and then refused.
    """
    on = local(at).date()
    facts, rules = registration.facts(on), DocumentRule.objects.as_rules()
    verdict = eligibility.evaluate(facts, rules, on)
    if verdict.outcome == eligibility.Outcome.NOT_ELIGIBLE and registration.is_awaiting_review:
        raise NoLongerEligible(verdict.reasons)
    allowed_for = eligibility.allowance(facts, rules, on)
    queued_at = at if drafts.lock(registration).queued_at else None
    return _decide(
        registration,
        Status.SUBMITTED,
        by,
        at,
        note=note,
        allowed_for=allowed_for,
        queued_at=queued_at,
    )


def _require_reason(reason: str, note: str) -> None:
    if not reason or (reason == Registration.Reason.OTHER and not note.strip()):
        raise ReasonRequired


@transaction.atomic
def _decide(
    registration: Registration,
    to: str,
    by: "User",
    at: datetime,
    *,
    reason: str = "",
    note: str = "",
    **changes: Any,
) -> Registration:
    """Moves the row as the officer saw it: whoever decides on a stale one loses (StaleStatus)."""
    _require_turn(registration, by, at)
    states.move(
        registration,
        to,
        by=by,
        at=at,
        note=" · ".join(filter(None, [reason, note])),
        decided_at=at,
        decided_by=by,
        reason=reason,
        reason_note=note,
        **changes,
    )
    claims.drop_claim(registration, by=by)
    audit.record(f"registration_{to}", subject=registration, by=by, at=at, reason=reason)
    submission.tell_decision(registration, at=at)
    return registration


def _require_turn(registration: Registration, by: "User", at: datetime) -> None:
    """Refuses what waits for nobody, and what another officer holds."""
    if not registration.is_awaiting_review:
        raise NotAwaitingReview
    drafts.lock(registration)
    claims.refuse_if_held(registration, by=by, at=at)
