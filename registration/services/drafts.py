"""What a driver fills in: sector, region and particulars; and drafts that nobody finished."""

import logging
from datetime import datetime, timedelta
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import persons
from foundation import states
from foundation.refusals import Refusal
from registration.models import Registration, SupportingDocument

DRAFT_LIFE = timedelta(days=30)

log = logging.getLogger(__name__)


class NotEditable(Refusal):
    """The registration is with an officer, or ended: the driver may not change it now."""

    words = _("Pendaftaran ini sedang disemak dan tidak boleh diubah sekarang.")


def lock(registration: Registration) -> Registration:
    """The row as it is now, kept from others until the transaction ends."""
    rows = Registration.objects.select_related("user").select_for_update(no_key=True, of=("self",))
    return rows.get(pk=registration.pk)


def begin_edit(registration: Registration, *, at: datetime) -> Registration:
    """The locked row, as a draft again when it was submitted and is unpaid; raises NotEditable."""
    row = lock(registration)
    if not row.is_editable:
        raise NotEditable
    if row.status == Registration.Status.SUBMITTED:
        states.move(row, Registration.Status.DRAFT, by=row.user, at=at)
    row.chosen_at = at
    return row


@transaction.atomic
def save_service(*, user: User, sector: str, region: str, at: datetime) -> Registration:
    """Begins or goes on with the registration of a sector; raises NotEditable.

    A draft that was never submitted changes its sector: its answers are not asked again.
    """
    # Of two taps on the button the second must find what the first began.
    persons.lock_person(user)
    mine = Registration.objects.for_user(user)
    registration = mine.unrejected().filter(sector=sector).first() or _draft_to_change(user)
    if registration is None:
        return _begin_registration(user, sector, region, at)
    if (registration.sector, registration.region) == (sector, region):
        return choose_registration(registration=registration, at=at)
    row = begin_edit(registration, at=at)
    row.sector, row.region, row.changed_at = sector, region, at
    row.save(update_fields=["sector", "region", "changed_at", "chosen_at"])
    return row


def _draft_to_change(user: User) -> Registration | None:
    mine = Registration.objects.for_user(user)
    return mine.filter(status=Registration.Status.DRAFT, submitted_at=None).first()


def _begin_registration(user: User, sector: str, region: str, at: datetime) -> Registration:
    """A new draft, with the particulars that were given for another registration."""
    last = Registration.objects.for_user(user).first()
    known = {name: getattr(last, name) for name in Registration.PARTICULARS} if last else {}
    return Registration.objects.create(
        user=user,
        sector=sector,
        region=region,
        created_at=at,
        chosen_at=at,
        changed_at=at,
        **known,
    )


def choose_registration(*, registration: Registration, at: datetime) -> Registration:
    """Makes this one, of several, the registration that the pages work on."""
    registration.chosen_at = at
    registration.save(update_fields=["chosen_at"])
    return registration


@transaction.atomic
def save_details(*, registration: Registration, at: datetime, **particulars: str) -> Registration:
    """Keeps the particulars named in Registration.PARTICULARS; raises NotEditable."""
    changed = {
        name: text for name, text in particulars.items() if getattr(registration, name) != text
    }
    if not changed:
        return choose_registration(registration=registration, at=at)
    row = begin_edit(registration, at=at)
    for name, text in changed.items():
        setattr(row, name, text)
    # What was returned may have been returned for any of them.
    if "citizenship" in changed or row.status == Registration.Status.RETURNED:
        row.changed_at = at
    row.save(update_fields=[*changed, "changed_at", "chosen_at"])
    return row


def drop_stale_drafts(*, at: datetime) -> int:
    """Deletes drafts never submitted, and documents never attached, with their files.

    Whatever nobody has worked on for DRAFT_LIFE goes; a file stays with the registration
    that somebody works on. Returns how many drafts went.
    """
    before = at - DRAFT_LIFE
    drafts = list(Registration.objects.stale_drafts(before))
    for draft in drafts:
        _drop(draft, before)
    for document in SupportingDocument.objects.unattached().untouched_since(before):
        with transaction.atomic():
            forget_files(document)
            document.delete()
    return len(drafts)


@transaction.atomic
def drop_own_drafts(*, user: User) -> None:
    """Deletes what `user` never sent in, with its files: the account is being closed."""
    drafts = Registration.objects.for_user(user).filter(status=Registration.Status.DRAFT)
    for draft in drafts.filter(submitted_at=None):
        _forget(draft)


@transaction.atomic
def _drop(draft: Registration, before: datetime) -> None:
    # The driver may have come back since the list was made: then it is no longer stale.
    row = Registration.objects.stale_drafts(before).select_for_update().filter(pk=draft.pk).first()
    if row is None:
        return
    _forget(row)


def _forget(draft: Registration) -> None:
    for document in draft.documents.all():
        forget_files(document)
    draft.delete()


def forget_files(document: SupportingDocument) -> None:
    """Deletes a row's files from storage once the transaction commits."""
    for stored in document.stored_names:
        transaction.on_commit(partial(_delete_file, stored), robust=True)


def _delete_file(name: str) -> None:
    default_storage.delete(name)
    log.info("file %s deleted", name)
