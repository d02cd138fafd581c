"""A wrong name or IC number is put right: one officer proposes, another decides.

The row of the correction keeps what stood there before; receipts stay as they were issued.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from accounts import tasks
from accounts.models import Correction, User
from accounts.services import limits
from foundation import audit, outbox, states
from foundation.refusals import Refusal, SameOfficer

Status = Correction.Status
_BY_THEMSELVES = "Diminta oleh pemilik akaun"  # for officers, who read Malay


class NothingToCorrect(Refusal):
    """The proposal states what is there already."""

    words = _("Nama dan nombor kad pengenalan ini sama seperti sekarang.")


class AlreadyProposed(Refusal):
    """Another correction of the same person waits for its second officer."""

    words = _("Satu pembetulan bagi orang ini sedang menunggu kelulusan.")


class IcNumberTaken(Refusal):
    """Another person's account is open under the IC number."""

    words = _("Nombor kad pengenalan ini milik akaun lain.")


class Outdated(Refusal):
    """Name or IC number have changed since the correction was proposed."""

    words = _("Maklumat orang ini telah berubah sejak pembetulan dicadangkan.")


@sensitive_variables("ic_number")
@transaction.atomic
def propose_correction(
    *, user: User, full_name: str, ic_number: str, reason: str, by: User, at: datetime
) -> Correction:
    """Asks a second officer for another name or IC number of an opened account.

    Raises NothingToCorrect, AlreadyProposed and IcNumberTaken.
    """
    person = _lock(user)
    if (full_name, ic_number) == (person.full_name, person.ic_number):
        raise NothingToCorrect
    if person.corrections.proposed().exists():
        raise AlreadyProposed
    _refuse_if_taken(person, ic_number)
    correction = Correction.objects.create(
        user=person,
        old_full_name=person.full_name,
        old_ic_number=person.ic_number,
        full_name=full_name,
        ic_number=ic_number,
        reason=reason,
        proposed_at=at,
        proposed_by=by,
    )
    audit.record("correction_proposed", subject=person, by=by, at=at, correction=correction.pk)
    return correction


@transaction.atomic
def request_correction(*, user: User, full_name: str, at: datetime) -> Correction:
    """Asks an officer to put the spelling of one's own name right; nothing changes until then.

    Raises NothingToCorrect, AlreadyProposed and TooMany.
    """
    limits.take("name_requests", str(user.pk), at=at)
    return propose_correction(
        user=user,
        full_name=full_name,
        ic_number=user.ic_number or "",
        reason=_BY_THEMSELVES,
        by=user,
        at=at,
    )


@transaction.atomic
def approve_correction(*, correction: Correction, by: User, at: datetime) -> Correction:
    """Puts the name and the IC number right and tells the person.

    Raises SameOfficer, Outdated, IcNumberTaken, and ForbiddenMove or StaleStatus when it was
    decided meanwhile.
    """
    person = _lock(correction.user)
    _decide(correction, Status.APPROVED, by, at)
    if (person.full_name, person.ic_number) != (
        correction.old_full_name,
        correction.old_ic_number,
    ):
        raise Outdated
    _refuse_if_taken(person, correction.ic_number)
    person.full_name, person.ic_number = correction.full_name, correction.ic_number
    _save_unless_covered(person)
    outbox.add_all((tasks.send_corrected, tasks.send_corrected_sms), person.pk, at=at)
    return correction


@transaction.atomic
def refuse_correction(*, correction: Correction, by: User, at: datetime) -> Correction:
    """Leaves everything as it is; raises as `approve_correction` does, but for what it states."""
    _decide(correction, Status.REFUSED, by, at)
    return correction


def _save_unless_covered(person: User) -> None:
    """Cover follows the IC number: the database refuses it where another's covers the same days."""
    try:
        with transaction.atomic():
            person.save(update_fields=["full_name", "ic_number", "ic_number_index"])
    except IntegrityError:
        raise IcNumberTaken from None


def _lock(user: User) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _decide(correction: Correction, to: str, by: User, at: datetime) -> None:
    if by.pk == correction.proposed_by_id:
        raise SameOfficer
    states.move(correction, to, by=by, at=at, decided_at=at, decided_by=by)
    audit.record(
        f"correction_{to}", subject=correction.user, by=by, at=at, correction=correction.pk
    )


@sensitive_variables("ic_number")
def _refuse_if_taken(person: User, ic_number: str) -> None:
    if User.objects.opened().with_ic_number(ic_number).exclude(pk=person.pk).exists():
        raise IcNumberTaken
