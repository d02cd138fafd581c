"""From filled in to submitted: the rules are run, payment queues it, renewal confirms it."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from foundation import outbox, states
from foundation.refusals import Refusal
from registration.eligibility import Outcome, Reason
from registration.models import Registration
from registration.services import drafts
from registration.tasks import send_decision, send_decision_sms

if TYPE_CHECKING:
    from accounts.models import User

Status = Registration.Status


class NotEligible(Refusal):
    """The rules say no; `reasons` have stable codes, sentences and ways out."""

    def __init__(self, reasons: Sequence[Reason]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(" ".join(reason.sentence for reason in self.reasons))


class NothingChanged(Refusal):
    """An officer returned it, and it is still as the officer saw it."""

    words = _(
        "Belum ada perubahan sejak pendaftaran ini dikembalikan. "
        "Betulkan perkara yang diminta, kemudian hantar semula."
    )


@transaction.atomic
def submit_registration(*, registration: Registration, by: "User", at: datetime) -> Registration:
    """Runs the eligibility rules; eligible goes to submitted, refer to referred.

    Whatever is submitted or approved and unchanged stays as it is, and so does what is with an
    officer already: ask `may_pay` of the returned row. What was paid for before goes straight
    back to the officers. Raises NotEligible, and NothingChanged when it was returned and is as it
    was.
    """
    row = drafts.lock(registration)
    if row.status == Status.REFERRED:
        return row
    verdict = row.assessment(at).verdict
    if verdict.outcome == Outcome.NOT_ELIGIBLE:
        raise NotEligible(verdict.reasons)
    if not row.is_answered:
        raise NothingChanged
    if verdict.outcome == Outcome.REFER:
        return _refer(row, by, at)
    is_unchanged = row.status == Status.APPROVED and not row.has_changed
    if row.status != Status.SUBMITTED and not is_unchanged:
        queued_at = at if row.is_paid_for else None
        _submit(row, Status.SUBMITTED, by, at, queued_at)
    return row


def _submit(
    row: Registration, to: str, by: "User | None", at: datetime, queued_at: datetime | None
) -> None:
    states.move(
        row, to, by=by, at=at, submitted_at=at, queued_at=queued_at, reason="", reason_note=""
    )


def _refer(row: Registration, by: "User", at: datetime) -> Registration:
    if row.is_awaiting_review:
        return row
    if row.status == Status.SUBMITTED:
        # The rules changed since; the life cycle refers drafts only.
        states.move(row, Status.DRAFT, by=by, at=at)
    _submit(row, Status.REFERRED, by, at, row.queued_at if row.is_paid_for else None)
    tell_decision(row, at=at)
    return row


def tell_decision(registration: Registration, *, at: datetime) -> None:
    """Mails and texts the driver what the last change of status means for them."""
    change = registration.status_changes.latest("pk")
    outbox.add_all((send_decision, send_decision_sms), change.pk, at=at)


@transaction.atomic(savepoint=False)
def queue_for_review(*, registration: Registration, at: datetime) -> Registration:
    """Puts a paid registration before the officers; called in the crediting transaction.

    Its row is locked, and as it is now.

    When the money comes while the driver edits, or an officer looks at what was referred, the
    registration is marked as paid and joins the queue once it is submitted again. What was approved
    and has changed since, even while the money was at the bank, is submitted by its payment.
    """
    may_queue = registration.status in {Status.DRAFT, Status.REFERRED, Status.SUBMITTED}
    if registration.has_changed_since_approval:
        _submit(registration, Status.SUBMITTED, None, at, queued_at=at)
    elif registration.queued_at is None and may_queue:
        registration.queued_at = at
        registration.save(update_fields=["queued_at"])
    return registration


def renew_registration(*, registration: Registration, by: "User", at: datetime) -> Registration:
    """Keeps that the driver has confirmed their particulars, and makes it the one worked on.

    Raises ForbiddenMove when no further contribution may be paid for it.
    """
    if not registration.may_pay:
        raise states.ForbiddenMove(f"{registration.pk} may not be renewed: {registration.status}")
    registration.confirmed_at = registration.chosen_at = at
    registration.save(update_fields=["confirmed_at", "chosen_at"])
    return registration
