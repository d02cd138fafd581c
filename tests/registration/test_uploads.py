"""Files: kept at once, attached, superseded, opened with a trace."""

from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from perkeso.audit import AuditEvent
from registration.models import DocumentUpload, Registration, SupportingDocument
from registration.services import (
    FileRequired,
    NotEditable,
    attach_document,
    keep_upload,
    open_document,
    save_service,
)
from registration.services import uploads as uploads_module
from tests.factories import (
    FAR,
    make_document,
    make_file,
    make_officer,
    make_registration,
    make_user,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def begun(at):
    """Boon's draft without documents."""
    return save_service(user=make_user("Boon"), sector="taxi", region="peninsular", at=at)


def bytes_of(stored):
    """What lies in storage for a row."""
    with default_storage.open(stored.file.name) as file:
        return file.read()


def test_attach_document_stores_file_number_and_expiry(at):
    registration = begun(at)
    document = attach_document(
        registration=registration,
        kind="lesen",
        number="D1234567",
        expiry_date=FAR,
        file=make_file("kad.jpg", content=b"gambar"),
        at=at,
    )
    assert (document.kind, document.number, document.expiry_date) == ("lesen", "D1234567", FAR)
    assert (document.original_name, document.media_type, document.size) == (
        "kad.jpg",
        "image/jpeg",
        6,
    )
    assert document.uploaded_at == at
    assert bytes_of(document) == b"gambar"


def test_the_path_of_a_file_tells_nothing(at):
    document = make_document(begun(at))
    assert "lesen" not in document.file.name
    assert document.public_id.hex not in document.file.name


def test_a_new_upload_supersedes_the_old_row_which_stays(at):
    registration = begun(at)
    first = make_document(registration, content=b"lama")
    second = make_document(registration, content=b"baharu", at=at + HOUR)
    first.refresh_from_db()
    assert first.superseded_at == at + HOUR
    assert bytes_of(first) == b"lama"
    assert list(registration.documents.live()) == [second]


def test_a_kept_upload_is_attached_without_sending_it_again(at):
    registration = begun(at)
    upload = keep_upload(registration=registration, kind="lesen", file=make_file(), at=at)
    assert str(upload) == "Lesen memandu"
    document = attach_document(
        registration=registration, kind="lesen", number="D1", expiry_date=FAR, at=at
    )
    assert document.file.name == upload.file.name
    assert not DocumentUpload.objects.exists()


def test_a_newer_kept_upload_takes_the_place_of_the_older(at, django_capture_on_commit_callbacks):
    registration = begun(at)
    first = keep_upload(registration=registration, kind="lesen", file=make_file(), at=at)
    with django_capture_on_commit_callbacks(execute=True):
        second = keep_upload(registration=registration, kind="lesen", file=make_file(), at=at)
    assert list(DocumentUpload.objects.all()) == [second]
    assert not default_storage.exists(first.file.name)


def test_a_wrong_number_is_mended_without_sending_the_file_again(at):
    registration = begun(at)
    first = make_document(registration)
    second = attach_document(
        registration=registration, kind="lesen", number="D7654321", expiry_date=FAR, at=at + HOUR
    )
    assert second.file.name == first.file.name
    assert registration.documents.count() == 2


def test_attach_document_needs_a_file(at):
    with pytest.raises(FileRequired) as refusal:
        attach_document(registration=begun(at), kind="lesen", number="D1", expiry_date=FAR, at=at)
    assert str(refusal.value)
    assert not SupportingDocument.objects.exists()


@pytest.mark.parametrize("status", ["referred", "rejected"])
def test_nothing_is_attached_while_it_is_not_the_drivers_turn(status, at):
    registration = make_registration(make_user("Boon"), status)
    with pytest.raises(NotEditable):
        make_document(registration)
    assert not DocumentUpload.objects.exists()
    assert registration.documents.count() == 2


def test_attaching_makes_an_unpaid_submission_a_draft_again(at):
    registration = make_registration(make_user("Boon"), "submitted")
    make_document(registration, at=at + HOUR)
    assert Registration.objects.get().status == "draft"


def test_attaching_at_renewal_leaves_the_approval_until_it_is_submitted(at):
    registration = make_registration(make_user(), "approved")
    make_document(registration, expiry_date=date(2031, 1, 1), at=at + HOUR)
    row = Registration.objects.get()
    assert row.status == "approved"
    assert row.has_changed


def test_a_file_without_a_row_does_not_stay(at, monkeypatch):
    """The registration may move to an officer between storing and writing the row."""
    registration = begun(at)

    def failing(*args):
        raise NotEditable

    monkeypatch.setattr(uploads_module, "_keep", failing)
    monkeypatch.setattr(uploads_module, "new_file_key", lambda: "documents/aa/terbiar")
    with pytest.raises(NotEditable):
        keep_upload(registration=registration, kind="lesen", file=make_file(), at=at)
    assert not default_storage.exists("documents/aa/terbiar")


def test_the_database_keeps_one_live_document_of_a_kind(at):
    document = make_document(begun(at))
    document.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        document.save(force_insert=True)


def test_open_document_leaves_a_trace_of_an_officer(at):
    document = make_document(begun(at), content=b"gambar")
    officer = make_officer()
    with open_document(document=document, by=officer, at=at) as content:
        assert content.read() == b"gambar"
    event = AuditEvent.objects.get()
    assert (event.action, event.by, event.subject_id, event.at) == (
        "open_document",
        officer,
        str(document.pk),
        at,
    )


def test_open_document_leaves_no_trace_of_the_owner(at):
    registration = begun(at)
    document = make_document(registration)
    open_document(document=document, by=registration.user, at=at).close()
    assert not AuditEvent.objects.exists()
