"""Files: kept at once, attached, superseded, opened with a trace."""

from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from registration.models import Registration, SupportingDocument
from registration.services import drafts, uploads
from registration.services import uploads as uploads_module
from tests.by_hand import by_hand
from tests.factories import (
    FAR,
    make_document,
    make_file,
    make_registration,
    make_user,
    read,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def begun(at):
    """Boon's draft without documents."""
    return drafts.save_service(user=make_user("Boon"), sector="taxi", region="peninsular", at=at)


def sent(registration, kind="lesen", *, at, **file):
    """A document whose file nobody has read yet."""
    return uploads.attach_document(
        registration=registration,
        kind=kind,
        number="D1234567",
        expiry_date=FAR,
        file=make_file(**file),
        at=at,
    )


def kept(registration, kind="lesen", *, at, **file):
    """A file without number and expiry."""
    return uploads.keep_upload(registration=registration, kind=kind, file=make_file(**file), at=at)


def bytes_of(stored):
    """What lies in storage for a row."""
    with default_storage.open(stored.file.name) as file:
        return file.read()


def test_attach_document_keeps_file_number_and_expiry(at):
    document = sent(begun(at), at=at, name="kad.jpg", content=b"gambar")
    assert (document.kind, document.number, document.expiry_date) == ("lesen", "D1234567", FAR)
    assert (document.status, document.original_name, document.size) == ("received", "kad.jpg", 6)
    assert (document.uploaded_at, document.attached_at) == (at, None)
    with default_storage.open(document.original.name) as file:
        assert file.read() == b"gambar"


def test_a_file_that_is_being_read_does_not_count_yet(at):
    registration = begun(at)
    document = sent(registration, at=at)
    assert document.is_awaited
    assert not registration.documents.live().exists()
    assert registration.documents.unattached().get() == document


def test_a_valid_document_counts_until_its_successor_is_good(at):
    registration = begun(at)
    first = make_document(registration)
    second = sent(registration, at=at + HOUR)
    assert registration.documents.live().get() == first
    read(second, at=at + 2 * HOUR)
    assert registration.documents.live().get() == second


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


def test_a_kept_file_is_attached_without_sending_it_again(at):
    registration = begun(at)
    upload = kept(registration, at=at)
    assert str(upload) == "Lesen memandu"
    read(upload)
    document = uploads.attach_document(
        registration=registration, kind="lesen", number="D1", expiry_date=FAR, at=at + HOUR
    )
    assert document == upload
    assert (document.number, document.attached_at) == ("D1", at + HOUR)


def test_a_newer_file_takes_the_place_of_the_one_that_waits(at, django_capture_on_commit_callbacks):
    registration = begun(at)
    first = kept(registration, at=at)
    with django_capture_on_commit_callbacks(execute=True):
        second = kept(registration, at=at)
    assert registration.documents.get() == second
    assert not default_storage.exists(first.original.name)


def test_particulars_typed_while_the_file_is_read_wait_for_it(at):
    registration = begun(at)
    upload = kept(registration, at=at)
    document = uploads.attach_document(
        registration=registration, kind="lesen", number="D1", expiry_date=FAR, at=at
    )
    assert document == upload
    assert document.is_awaited
    assert read(document).attached_at == at


@pytest.mark.parametrize(
    ("status", "words"), [("refused", {"refusal": "locked"}), ("infected", {})]
)
def test_a_bad_file_is_not_attached_and_does_not_touch_the_good_one(status, words, at):
    registration = begun(at)
    make_document(registration)
    bad = kept(registration, at=at)
    with by_hand():
        SupportingDocument.objects.filter(pk=bad.pk).update(status=status, **words)
    mended = uploads.attach_document(
        registration=registration, kind="lesen", number="D7", expiry_date=FAR, at=at + HOUR
    )
    assert registration.documents.live().get() == mended
    assert mended.status == "ready"
    assert not SupportingDocument.objects.filter(pk=bad.pk).exists()


def test_a_bad_file_alone_is_no_file(at):
    registration = begun(at)
    bad = kept(registration, at=at)
    SupportingDocument.objects.filter(pk=bad.pk).update(status="refused", refusal="locked")
    with pytest.raises(uploads.FileRequired):
        uploads.attach_document(
            registration=registration, kind="lesen", number="D1", expiry_date=FAR, at=at
        )


def test_a_wrong_number_is_mended_without_sending_the_file_again(at):
    registration = begun(at)
    first = make_document(registration)
    second = uploads.attach_document(
        registration=registration, kind="lesen", number="D7654321", expiry_date=FAR, at=at + HOUR
    )
    assert second.file.name == first.file.name
    assert (second.status, second.uploaded_at) == ("ready", first.uploaded_at)
    assert registration.documents.count() == 2


def test_attach_document_needs_a_file(at):
    with pytest.raises(uploads.FileRequired) as refusal:
        uploads.attach_document(
            registration=begun(at), kind="lesen", number="D1", expiry_date=FAR, at=at
        )
    assert str(refusal.value)
    assert not SupportingDocument.objects.exists()


@pytest.mark.parametrize("status", ["referred", "rejected"])
def test_nothing_is_attached_while_it_is_not_the_drivers_turn(status, at):
    registration = make_registration(make_user("Boon"), status)
    with pytest.raises(drafts.NotEditable):
        make_document(registration)
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
        raise drafts.NotEditable

    monkeypatch.setattr(uploads_module, "_keep", failing)
    monkeypatch.setattr(uploads_module, "new_file_key", lambda: "documents/aa/terbiar")
    with pytest.raises(drafts.NotEditable):
        uploads.keep_upload(registration=registration, kind="lesen", file=make_file(), at=at)
    assert not default_storage.exists("documents/aa/terbiar")


def test_the_database_keeps_one_live_document_of_a_kind(at):
    document = make_document(begun(at))
    document.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        document.save(force_insert=True)


def test_a_pdf_whose_number_is_mended_keeps_its_pages(at):
    registration = begun(at)
    first = make_document(registration, media_type="application/pdf", pages=[b"satu", b"dua"])
    second = uploads.attach_document(
        registration=registration, kind="lesen", number="D7654321", expiry_date=FAR, at=at + HOUR
    )
    assert second.pages == first.pages
    assert second.size == first.size


# --- nobody fills the storage --------------------------------------------------------------
def test_twenty_files_a_day(at):
    registration = begun(at)
    for _number in range(20):
        kept(registration, at=at)
    with pytest.raises(uploads.NotStored) as refusal:
        kept(registration, at=at)
    assert "20 fail" in str(refusal.value)
    assert kept(registration, at=at + timedelta(days=1))


def test_six_files_a_registration(at, monkeypatch):
    monkeypatch.setattr(uploads_module, "FILES_PER_REGISTRATION", 2)
    registration = begun(at)
    make_document(registration, "lesen")
    make_document(registration, "psv")
    with pytest.raises(uploads.NotStored) as refusal:
        kept(registration, "kad-pemandu", at=at)
    assert "cukup fail" in str(refusal.value)


def test_two_hundred_megabytes_a_person(at, monkeypatch):
    registration = begun(at)
    kept_bytes = make_document(registration, content=b"x" * 90).size
    monkeypatch.setattr(uploads_module, "BYTES_PER_PERSON", kept_bytes + 9)
    with pytest.raises(uploads.NotStored) as refusal:
        kept(registration, "psv", at=at, content=b"x" * 10)
    assert "sudah penuh" in str(refusal.value)
    assert kept(registration, "psv", at=at, content=b"x" * 9)


def test_what_was_refused_takes_no_room(at, monkeypatch):
    monkeypatch.setattr(uploads_module, "BYTES_PER_PERSON", 99)
    registration = begun(at)
    bad = kept(registration, "psv", at=at, content=b"x" * 90)
    SupportingDocument.objects.filter(pk=bad.pk).update(status="refused", refusal="locked")
    assert kept(registration, at=at, content=b"x" * 90)
