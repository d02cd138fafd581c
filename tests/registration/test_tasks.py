"""What the driver is told of a decision."""

from datetime import timedelta

import pytest
from django.core import mail

from registration import tasks
from registration.models import Registration
from registration.services import decisions, submission
from tests.by_hand import by_hand
from tests.factories import decide, make_document, make_officer, make_registration, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def texts(monkeypatch):
    """The SMS gateway's outbox."""
    sent = []
    monkeypatch.setattr("accounts.sms.send", lambda to, text, **more: sent.append((to, text)))
    return sent


def told(registration, at):
    """Runs both tasks for the last change of status; returns the mail."""
    change = registration.status_changes.last()
    tasks.send_decision.handler(change.pk, at=at)
    tasks.send_decision_sms.handler(change.pk, at=at)
    return mail.outbox[-1] if mail.outbox else None


@pytest.mark.parametrize(
    ("status", "subject", "text"),
    [
        ("approved", "Dokumen diluluskan", "Dokumen anda telah diluluskan"),
        ("returned", "Dokumen perlu dihantar semula", "Dokumen anda perlu dihantar semula"),
        ("rejected", "Pendaftaran anda ditolak", "Pendaftaran anda ditolak"),
        ("referred", "Pendaftaran anda sedang disemak", "sedang disemak oleh pegawai"),
    ],
)
def test_each_decision_has_its_mail_and_its_text(status, subject, text, at, texts):
    aminah = make_user("Aminah binti Ali")
    registration = make_registration(aminah, status)
    letter = told(registration, at)
    assert (letter.subject, letter.to) == (subject, [aminah.email])
    assert "http://127.0.0.1:8000/pendaftaran/" in letter.body
    assert "Aminah binti Ali" in letter.body
    assert texts[0][0] == aminah.phone
    assert texts[0][1].startswith("RM0.00 PERKESO: ")
    assert text in texts[0][1]


def test_whoever_was_allowed_reads_that_he_may_pay(at, texts):
    registration = make_registration(make_user(), "referred")
    decisions.allow_registration(registration=registration, by=make_officer(), at=at)
    assert told(registration, at).subject == "Anda boleh membayar caruman"
    assert "membayar caruman" in texts[0][1]


def test_whoever_was_allowed_and_has_paid_is_not_asked_to_pay(at, texts):
    registration = make_registration(make_user(), "referred")
    Registration.objects.update(queued_at=at)
    decisions.allow_registration(registration=registration, by=make_officer(), at=at)
    assert told(registration, at) is None
    assert texts == []


def test_reason_and_note_stand_in_the_mail_only(at, texts):
    registration = make_registration(make_user("Siti 'Aisyah"), "submitted", is_paid=True)
    decisions.return_registration(
        registration=registration,
        by=make_officer(),
        at=at,
        reason="other",
        note="Hantar muka belakang <lesen> & kad",
    )
    letter = told(registration, at)
    assert "Sebab: Sebab lain" in letter.body
    assert "Hantar muka belakang <lesen> & kad" in letter.body
    assert "Siti 'Aisyah" in letter.body
    assert "muka belakang" not in texts[0][1]


@pytest.mark.parametrize("decision", ["approved", "allowed"])
def test_a_note_beside_good_news_stands_in_the_mail_only(decision, at, texts):
    referred = decision == "allowed"
    registration = make_registration(
        make_user(), "referred" if referred else "submitted", is_paid=not referred
    )
    decide_well = decisions.allow_registration if referred else decisions.approve_registration
    note = "Kad <PSV> anda tamat bulan depan"
    decide_well(registration=registration, by=make_officer(), at=at, note=note)
    letter = told(registration, at)
    assert f"Catatan pegawai:\n{note}\n" in letter.body
    assert "bulan depan" not in texts[0][1]
    assert len(texts[0][1]) <= 160


@pytest.mark.parametrize("status", ["approved", "returned", "rejected", "referred"])
def test_without_a_note_the_mail_names_none(status, at, texts):
    assert "Catatan" not in told(make_registration(make_user(), status), at).body


def test_no_message_holds_the_ic_number(at, texts):
    aminah = make_user()
    for status in ["approved", "returned", "rejected", "referred"]:
        registration = make_registration(aminah, status)
        letter = told(registration, at)
        assert aminah.ic_number not in letter.body + letter.subject + texts[-1][1]
        with by_hand():
            Registration.objects.filter(pk=registration.pk).update(
                status="rejected", reason="other"
            )


@pytest.mark.parametrize("language", ["ms", "en"])
@pytest.mark.parametrize("status", ["approved", "returned", "rejected", "referred", "allowed"])
def test_every_text_is_one_segment(status, language, at, texts):
    registration = make_registration(
        make_user(language=language), "referred" if status == "allowed" else status
    )
    if status == "allowed":
        decisions.allow_registration(registration=registration, by=make_officer(), at=at)
    told(registration, at)
    ((_to, text),) = texts
    assert len(text) <= 160
    assert "?" not in text
    assert "http" not in text


def test_the_mail_links_to_the_page_in_the_drivers_language(at, texts):
    registration = make_registration(make_user(language="en"), "approved")
    assert "http://127.0.0.1:8000/en/pendaftaran/" in told(registration, at).body


def test_news_that_is_no_longer_true_is_not_sent(at, texts):
    aminah = make_user()
    registration = make_registration(aminah, "returned")
    change = registration.status_changes.last()
    make_document(registration, at=at + timedelta(hours=1))
    submission.submit_registration(registration=registration, by=aminah, at=at)
    tasks.send_decision.handler(change.pk, at=at)
    tasks.send_decision_sms.handler(change.pk, at=at)
    assert mail.outbox == []
    assert texts == []


def test_whoever_has_no_address_is_not_written_to(at, texts):
    aminah = make_user()
    registration = make_registration(aminah, "approved")
    aminah.email = aminah.phone = None
    aminah.save()
    assert told(registration, at) is None
    assert texts == []


def test_a_worker_is_told_of_both_after_the_commit(at, django_capture_on_commit_callbacks):
    registration = make_registration(make_user(), "submitted")
    submission.queue_for_review(registration=registration, at=at)
    registration = Registration.objects.get()
    with django_capture_on_commit_callbacks() as callbacks:
        decide(registration, "approved", make_officer(), at)
    [notify] = callbacks
    assert [row.kind for row in notify.args] == [
        "registration.send_decision_sms",
        "registration.send_decision",
    ]
