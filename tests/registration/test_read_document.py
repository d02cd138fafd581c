"""What becomes of a file: the worker's word, its history, and the scanner's."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from accounts.services import limits
from foundation import outbox
from foundation.alarms import Alarm
from foundation.audit import AuditEvent
from foundation.models import OutboxRow
from foundation.states import ForbiddenMove, move
from registration import media, tasks
from registration.media import Reading, Unacceptable
from registration.models import SupportingDocument
from registration.services import decisions, drafts, uploads
from tests.by_hand import by_hand
from tests.factories import (
    FAR,
    make_document,
    make_file,
    make_officer,
    make_registration,
    make_user,
    read,
)
from tests.registration.fake_clamd import EICAR, running_clamd

pytestmark = pytest.mark.django_db
Status = SupportingDocument.Status
READING = Reading(b"kita punya", "image/jpeg", b"kecil", ("dark",))


@pytest.fixture
def draft(at):
    """Boon's, without documents."""
    return drafts.save_service(user=make_user("Boon"), sector="taxi", region="peninsular", at=at)


@pytest.fixture
def sent(draft, at):
    """His licence, which nobody has read yet."""
    return uploads.attach_document(
        registration=draft,
        kind="lesen",
        number="D1",
        expiry_date=FAR,
        file=make_file(content=b"dihantar"),
        at=at,
    )


@pytest.fixture
def worker(monkeypatch, at, django_capture_on_commit_callbacks):
    """Does an act as the outbox does; what reading the file tells is given."""

    def work(document, told=READING, act=tasks.read_document):
        def tell(original):
            if isinstance(told, Exception):
                raise told
            return told

        monkeypatch.setattr(media, "read", tell)
        with django_capture_on_commit_callbacks() as callbacks:
            act.handler(document.pk, at=at)
        for callback in callbacks:
            if getattr(callback, "func", None) is not outbox.notify:
                callback()
        document.refresh_from_db()
        return document

    return work


def exists(name):
    return bool(name) and default_storage.exists(name)


def history(document):
    return [str(change) for change in document.status_changes.all()]


# --- read ----------------------------------------------------------------------------------
def test_a_file_that_arrives_is_read_within_two_minutes(sent):
    row = OutboxRow.objects.get(kind="registration.read_document")
    assert row.subject_id == sent.pk
    assert tasks.read_document.limit.total_seconds() == 120


def test_our_own_version_takes_the_place_of_what_was_sent(sent, worker, at):
    original = sent.original.name
    document = worker(sent)
    assert (document.status, document.media_type, document.size) == ("ready", "image/jpeg", 15)
    assert (document.hints, document.attached_at) == (["dark"], at)
    with document.file as ours, document.thumbnail as small:
        assert (ours.read(), small.read()) == (b"kita punya", b"kecil")
    assert document.original.name == ""
    assert not exists(original)
    assert history(document) == ["received → ready"]


def test_each_page_of_a_pdf_lies_beside_it_and_goes_with_it(draft, sent, worker, at):
    document = worker(sent, Reading(b"%PDF-", "application/pdf", b"kecil", pages=(b"satu", b"dua")))
    names = [document.file.name, document.thumbnail.name, *document.pages]
    kept = []
    for name in names:
        with default_storage.open(name) as file:
            kept.append(file.read())
    assert kept == [b"%PDF-", b"kecil", b"satu", b"dua"]
    assert document.size == 5 + 5 + 4 + 3
    assert document.pictures == document.pages


def test_a_file_that_cannot_be_taken_is_refused_with_its_reason_and_forgotten(sent, worker):
    original = sent.original.name
    document = worker(sent, Unacceptable("locked"))
    assert (document.status, document.refusal, document.attached_at) == ("refused", "locked", None)
    assert not exists(original)
    assert document.status_changes.get().note == "locked"


def test_reading_twice_changes_nothing(sent, worker):
    first = worker(sent)
    file = first.file.name
    again = worker(sent, Unacceptable("locked"))
    assert (again.status, again.file.name) == ("ready", file)


def test_one_that_is_gone_is_no_error(sent, worker, at):
    pk = sent.pk
    sent.delete()
    tasks.read_document.handler(pk, at=at)


def test_a_newer_upload_wins_against_a_slow_worker(draft, sent, worker, at):
    SupportingDocument.objects.filter(pk=sent.pk).delete()
    before = _files()
    tasks.keep_reading(sent, READING, at=at)
    assert _files() == before
    assert not SupportingDocument.objects.exists()


def _files():
    folders, _none = default_storage.listdir("documents")
    return {
        (folder, file)
        for folder in folders
        for file in default_storage.listdir(f"documents/{folder}")[1]
    }


def test_without_number_and_expiry_it_waits(draft, worker, at):
    upload = uploads.keep_upload(registration=draft, kind="lesen", file=make_file(), at=at)
    document = worker(upload)
    assert (document.status, document.attached_at) == ("ready", None)


def test_an_officer_looks_anew_at_what_was_replaced(draft, worker, at):
    make_document(draft)
    sent = uploads.attach_document(
        registration=draft, kind="lesen", number="D2", expiry_date=FAR, file=make_file(), at=at
    )
    worker(sent)
    draft.refresh_from_db()
    assert draft.changed_at == at


def spent(seconds, monkeypatch):
    """The reader takes so long."""
    told = iter([1.0, 1.0 + seconds])
    monkeypatch.setattr(tasks.documents, "_seconds_of_readers", lambda: next(told))


@pytest.mark.parametrize("told", [READING, Unacceptable("unreadable")], ids=["read", "refused"])
def test_who_had_a_minute_of_reading_sends_no_more_today(
    draft, sent, worker, at, monkeypatch, told
):
    spent(59.5, monkeypatch)
    worker(sent, told)
    with pytest.raises(uploads.NotStored) as refusal:
        uploads.keep_upload(registration=draft, kind="psv", file=make_file(), at=at)
    assert "esok" in str(refusal.value)
    uploads.keep_upload(registration=draft, kind="psv", file=make_file(), at=at + timedelta(days=1))


def test_seconds_add_up_and_a_photo_takes_little_of_them(draft, sent, worker, at, monkeypatch):
    who = str(draft.user_id)
    spent(0.3, monkeypatch)
    worker(sent)
    limits.spend("reading_seconds", who, 58, at=at)
    assert not limits.is_used_up("reading_seconds", who, at=at)
    limits.spend("reading_seconds", who, 1, at=at)
    assert limits.is_used_up("reading_seconds", who, at=at)
    limits.spend("reading_seconds", who, 1, at=at + timedelta(days=1))
    assert not limits.is_used_up("reading_seconds", who, at=at + timedelta(days=1))


# --- scan ----------------------------------------------------------------------------------
@pytest.fixture
def clamd(settings, socket_enabled):
    with running_clamd() as server:
        settings.CLAMAV_URL = server.url
        yield server


def test_with_a_scanner_the_file_waits_for_its_word(clamd, sent, worker, at):
    original = sent.original.name
    document = worker(sent)
    assert (document.status, document.attached_at) == ("quarantined", at)
    assert exists(original)
    worker(document, act=tasks.scan_document)
    assert document.status == "ready"
    assert clamd.seen == [b"dihantar"]
    assert not exists(original)
    assert exists(document.file.name)
    assert history(document) == ["received → quarantined", "quarantined → ready"]


def test_an_infected_file_is_removed_and_alarmed(clamd, draft, worker, at):
    sent = uploads.attach_document(
        registration=draft,
        kind="lesen",
        number="D1",
        expiry_date=FAR,
        file=make_file(content=EICAR),
        at=at,
    )
    document = worker(sent)
    files = [document.original.name, document.file.name]
    worker(document, act=tasks.scan_document)
    assert document.status == "infected"
    assert document.stored_names == []
    assert not any(map(exists, files))
    assert Alarm.objects.get().detail == "Eicar-Test-Signature"
    assert AuditEvent.objects.get().action == "document_infected"
    assert draft.assessment(at).missing.kinds == ("lesen",)


def test_a_copy_whose_number_was_mended_shares_its_fate(clamd, draft, sent, worker, at):
    clamd.answer = b"stream: Jahat FOUND"
    worker(sent)
    copy = uploads.attach_document(
        registration=draft, kind="lesen", number="D2", expiry_date=FAR, at=at
    )
    assert copy.status == "quarantined"
    worker(sent, act=tasks.scan_document)
    copy.refresh_from_db()
    assert (sent.status, copy.status) == ("infected", "infected")


def test_while_the_scanner_is_away_it_waits_and_the_driver_goes_on(
    settings, draft, sent, worker, at
):
    settings.CLAMAV_URL = "unix:///tiada/clamd.sock"
    document = worker(sent)
    with pytest.raises(outbox.NotYet):
        worker(document, act=tasks.scan_document)
    assert document.status == "quarantined"
    assert draft.assessment(at).missing.kinds == ("psv", "kad-pemandu")
    assert tasks.scan_document.limit.total_seconds() == 15 * 60


def test_a_scanner_that_was_turned_off_holds_nothing_back(clamd, settings, sent, worker):
    document = worker(sent)
    settings.CLAMAV_URL = ""
    worker(document, act=tasks.scan_document)
    assert document.status == "ready"


def test_scanning_twice_asks_once(clamd, sent, worker):
    document = worker(sent)
    worker(document, act=tasks.scan_document)
    worker(document, act=tasks.scan_document)
    assert len(clamd.seen) == 1


@pytest.mark.parametrize("status", ["quarantined", "infected"])
def test_nobody_approves_what_nobody_may_open(status, at):
    registration = make_registration(make_user(), "submitted", is_paid=True)
    changes = {"file": "", "thumbnail": ""} if status == "infected" else {}
    with by_hand():
        registration.documents.filter(kind="psv").update(status=status, **changes)
    with pytest.raises(decisions.DocumentsNotReady) as refusal:
        decisions.approve_registration(registration=registration, by=make_officer(), at=at)
    assert "imbas" in str(refusal.value)
    decisions.return_registration(
        registration=registration, by=make_officer(), at=at, reason="wrong_document"
    )


# --- the table -----------------------------------------------------------------------------
MOVES = {
    ("received", "quarantined"),
    ("received", "ready"),
    ("received", "refused"),
    ("quarantined", "ready"),
    ("quarantined", "infected"),
}


def test_the_table_names_every_status():
    table = SupportingDocument.TRANSITIONS
    assert set(table) == set(Status.values)
    assert {(a, b) for a, targets in table.items() for b in targets} == MOVES


@pytest.mark.parametrize(
    ("before", "after"),
    [(a, b) for a in Status.values for b in Status.values if (a, b) not in MOVES],
)
def test_nothing_else_moves(before, after, at):
    with pytest.raises(ForbiddenMove):
        move(SupportingDocument(pk=1, status=before), after, at=at)


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "received", "file": ""},
        {"status": "refused", "refusal": "locked", "file": ""},
        {"number": ""},
        {"expiry_date": None},
        {"file": ""},
        {"refusal": "locked"},
        {"status": "refused", "file": "", "attached_at": None},
    ],
)
def test_the_database_refuses_what_makes_no_sense(draft, changes):
    document = make_document(draft)
    with pytest.raises(IntegrityError, match="check constraint"), by_hand():
        SupportingDocument.objects.filter(pk=document.pk).update(**changes)


def test_one_file_of_a_kind_waits(draft, at):
    upload = uploads.keep_upload(registration=draft, kind="lesen", file=make_file(), at=at)
    upload.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        upload.save(force_insert=True)


def test_read_is_what_the_worker_does(sent):
    """The factory's short cut ends where the worker does."""
    assert read(sent).status == "ready"
