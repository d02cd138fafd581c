"""Files: kept at once, attached when good and their particulars right.

What a driver sends is never shown: the worker reads it and makes our own version. Until it has, the
document waits; then it takes the place of the one of its kind.
"""

import logging
from datetime import date, datetime

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.services import limits
from foundation import outbox
from foundation.refusals import Refusal
from registration.media import AcceptedFile
from registration.models import Registration, SupportingDocument
from registration.models.documents import new_file_key
from registration.services import drafts
from registration.tasks import read_document

log = logging.getLogger(__name__)
Status = SupportingDocument.Status
FILES_PER_REGISTRATION = 6
BYTES_PER_PERSON = 200 * 1024 * 1024
JUDGED_BAD = [Status.REFUSED, Status.INFECTED]


class FileRequired(Refusal):
    """There is no file to attach."""

    words = gettext_lazy("Ambil gambar atau pilih fail")


class NotStored(Refusal):
    """The storage did not take the file, or one person has sent as many as one may."""

    words = gettext_lazy("Fail tidak dapat dimuat naik. Cuba lagi")


def keep_upload(
    *, registration: Registration, kind: str, file: AcceptedFile, at: datetime
) -> SupportingDocument:
    """Stores a file at once and has the worker read it; it takes the place of one that waits.

    The file is stored before the transaction, so that no row is locked while storage is slow.
    Raises NotEditable and NotStored.
    """
    if not registration.is_editable:
        raise drafts.NotEditable
    _check_quota(registration, kind, file.size, at)
    name = _store(file)
    try:
        return _keep(registration, kind, file, name, at)
    except Exception:
        default_storage.delete(name)
        raise


def _check_quota(registration: Registration, kind: str, size: int, at: datetime) -> None:
    """Keeps one person from filling the storage; raises NotStored."""
    present = registration.documents.filter(superseded_at=None)
    if present.exclude(kind=kind, attached_at=None).count() >= FILES_PER_REGISTRATION:
        raise NotStored(_("Pendaftaran ini sudah mempunyai cukup fail. Hubungi kami"))
    sent = SupportingDocument.objects.for_user(registration.user).exclude(status__in=JUDGED_BAD)
    if (sent.aggregate(bytes=Sum("size"))["bytes"] or 0) + size > BYTES_PER_PERSON:
        raise NotStored(_("Ruang fail anda sudah penuh. Hubungi kami"))
    if limits.is_used_up("reading_seconds", str(registration.user_id), at=at):
        raise NotStored(_("Fail anda terlalu lama untuk dibaca hari ini. Cuba lagi esok"))
    try:
        limits.take("upload_per_day", str(registration.user_id), at=at)
    except limits.TooMany:
        raise NotStored(_("Anda telah memuat naik 20 fail hari ini. Cuba lagi esok")) from None


def _store(file: AcceptedFile) -> str:
    try:
        return default_storage.save(new_file_key(), file.content)
    except Exception as error:  # each kind of storage fails in its own way
        log.exception("a document could not be stored")
        raise NotStored from error


@transaction.atomic
def _keep(
    registration: Registration, kind: str, file: AcceptedFile, name: str, at: datetime
) -> SupportingDocument:
    row = drafts.lock(registration)
    for older in row.documents.unattached().filter(kind=kind):
        drafts.forget_files(older)
        older.delete()
    document = SupportingDocument.objects.create(
        registration=row,
        kind=kind,
        original=name,
        original_name=file.name,
        size=file.size,
        uploaded_at=at,
    )
    drafts.choose_registration(registration=row, at=at)
    outbox.add(read_document, document.pk, at=at)
    return document


def attach_document(
    *,
    registration: Registration,
    kind: str,
    number: str,
    expiry_date: date,
    at: datetime,
    file: AcceptedFile | None = None,
) -> SupportingDocument:
    """States a document's number and expiry; it is attached now, or once its file has been read.

    Without a new `file` the one that waits is taken, or the file of the live document when only its
    number or expiry was wrong. Raises NotEditable, NotStored and FileRequired.
    """
    if file is not None:
        keep_upload(registration=registration, kind=kind, file=file, at=at)
    return _attach(registration, kind, number, expiry_date, at)


@transaction.atomic
def _attach(
    registration: Registration, kind: str, number: str, expiry_date: date, at: datetime
) -> SupportingDocument:
    row = drafts.begin_edit(registration, at=at)
    document = _to_attach(row, kind)
    document.number, document.expiry_date = number, expiry_date
    if document.is_readable:
        document.attach(at=at)
    else:
        document.save(update_fields=["number", "expiry_date"])
    row.save(update_fields=["chosen_at"])
    return document


def _to_attach(row: Registration, kind: str) -> SupportingDocument:
    """The document that waits, or a copy of the live one, whose file is good."""
    row.documents.unattached().filter(kind=kind, status__in=JUDGED_BAD).delete()
    unattached = row.documents.unattached().filter(kind=kind).first()
    if unattached is not None:
        return unattached
    live = row.documents.live().shown().filter(kind=kind).first()
    if live is None:
        raise FileRequired
    same = ("kind", "status", "hints", "file", "thumbnail", "pages", "original_name", "media_type")
    facts = {name: getattr(live, name) for name in (*same, "size", "uploaded_at")}
    return SupportingDocument(registration=row, **facts)
