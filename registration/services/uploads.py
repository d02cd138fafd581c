"""Files: kept at once, attached when their number and expiry are right, opened with a trace."""

import logging
from datetime import date, datetime
from typing import IO, TYPE_CHECKING

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from perkeso import audit
from registration.media import AcceptedFile
from registration.models import DocumentUpload, Registration, SupportingDocument
from registration.models.documents import StoredFile, new_file_key
from registration.services.drafts import NotEditable, begin_edit, forget_file, lock

if TYPE_CHECKING:
    from accounts.models import User


log = logging.getLogger(__name__)


class FileRequired(Exception):
    """There is no file to attach."""

    def __init__(self) -> None:
        super().__init__(_("Ambil gambar atau pilih fail"))


class NotStored(Exception):
    """The storage did not take the file."""

    def __init__(self) -> None:
        super().__init__(_("Fail tidak dapat dimuat naik. Cuba lagi"))


def keep_upload(
    *, registration: Registration, kind: str, file: AcceptedFile, at: datetime
) -> DocumentUpload:
    """Stores an accepted file until its particulars are right; a newer one takes its place.

    The file is stored before the transaction, so that no row is locked while storage is slow.
    Raises NotEditable and NotStored.
    """
    if not registration.is_editable:
        raise NotEditable
    name = _store(file)
    try:
        return _keep(registration, kind, file, name, at)
    except Exception:
        default_storage.delete(name)
        raise


def _store(file: AcceptedFile) -> str:
    try:
        return default_storage.save(new_file_key(), file.content)
    except Exception as error:  # each kind of storage fails in its own way
        log.exception("a document could not be stored")
        raise NotStored from error


@transaction.atomic
def _keep(
    registration: Registration, kind: str, file: AcceptedFile, name: str, at: datetime
) -> DocumentUpload:
    row = lock(registration)
    for older in row.uploads.filter(kind=kind):
        forget_file(older)
        older.delete()
    return DocumentUpload.objects.create(
        registration=row,
        kind=kind,
        file=name,
        original_name=file.name,
        media_type=file.media_type,
        size=file.size,
        uploaded_at=at,
    )


def attach_document(
    *,
    registration: Registration,
    kind: str,
    number: str,
    expiry_date: date,
    at: datetime,
    file: AcceptedFile | None = None,
) -> SupportingDocument:
    """Attaches a document; it supersedes the one of its kind, which stays for the record.

    Without a new `file` the kept upload is taken, or the file of the superseded document when
    only its number or expiry was wrong. Raises NotEditable, NotStored and FileRequired.
    """
    if file is not None:
        keep_upload(registration=registration, kind=kind, file=file, at=at)
    return _attach(registration, kind, number, expiry_date, at)


@transaction.atomic
def _attach(
    registration: Registration, kind: str, number: str, expiry_date: date, at: datetime
) -> SupportingDocument:
    row = begin_edit(registration, at=at)
    live = SupportingDocument.objects.filter(registration=row, kind=kind).live()
    upload = row.uploads.filter(kind=kind).first()
    source: StoredFile | None = upload or live.first()
    if source is None:
        raise FileRequired
    live.update(superseded_at=at)
    document = SupportingDocument.objects.create(
        registration=row,
        kind=kind,
        number=number,
        expiry_date=expiry_date,
        file=source.file.name,
        original_name=source.original_name,
        media_type=source.media_type,
        size=source.size,
        uploaded_at=at,
    )
    if upload is not None:
        upload.delete()
    row.changed_at = at
    row.save(update_fields=["changed_at", "chosen_at"])
    return document


def open_document(*, document: SupportingDocument, by: "User", at: datetime) -> IO[bytes]:
    """The document's bytes; whoever opens a document that is not his own leaves a trace."""
    if by.pk != document.registration.user_id:
        audit.record("open_document", subject=document, by=by, at=at)
    return document.file.open("rb")
