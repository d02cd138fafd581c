"""Drawn once, mailed once it is drawn, texted at once."""

import hashlib
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.sms import render
from foundation.outbox import ACTS, NotYet, OutboxRow, attempt
from receipts.models import Receipt, receipt_path
from receipts.services import correction as receipt_correction
from receipts.tasks import draw_receipt, send_receipt, send_receipt_sms
from tests.factories import make_officer, make_receipt, make_registration, make_user

pytestmark = pytest.mark.django_db


def drawn(receipt, at):
    draw_receipt.handler(receipt.pk, at=at)
    receipt.refresh_from_db()
    return receipt


def test_draw_receipt_stores_the_pdf_with_its_hash(receipt, at, drawings):
    drawn(receipt, at)
    with receipt.file.open("rb") as document:
        content = document.read()
    assert content == f"%PDF-1.7 {receipt.number}".encode()
    assert receipt.sha256 == hashlib.sha256(content).hexdigest()
    assert receipt.drawn_at == at
    assert receipt.is_drawn


def test_draw_receipt_draws_once(receipt, at, drawings):
    drawn(receipt, at)
    drawn(receipt, at + timedelta(hours=1))
    assert drawings == [receipt.pk]
    assert receipt.drawn_at == at


def test_draw_receipt_replaces_what_a_dead_worker_left(receipt, at, drawings):
    path = receipt_path(receipt, "")
    default_storage.save(path, ContentFile(b"half a"))
    drawn(receipt, at)
    assert receipt.file.name == path
    with receipt.file.open("rb") as document:
        assert document.read().startswith(b"%PDF")


def test_a_worker_that_was_overtaken_leaves_what_is_stored(receipt, at, monkeypatch):
    """Its lease had run out while it drew; the other's signature is other bytes."""

    def overtaken(_receipt):
        monkeypatch.setattr("receipts.pdf.write", lambda _receipt: b"%PDF the quick one's")
        draw_receipt.handler(receipt.pk, at=at)
        return b"%PDF the slow one's"

    monkeypatch.setattr("receipts.pdf.write", overtaken)
    drawn(receipt, at + timedelta(minutes=3))
    with receipt.file.open("rb") as document:
        content = document.read()
    assert content == b"%PDF the quick one's"
    assert receipt.sha256 == hashlib.sha256(content).hexdigest()
    assert receipt.drawn_at == at


def test_the_stored_path_tells_nothing(receipt, at, drawings):
    drawn(receipt, at)
    assert receipt.file.name == f"receipts/{receipt.public_id.hex[:2]}/{receipt.public_id.hex}.pdf"


def test_a_drawing_that_fails_is_tried_again(receipt, at, monkeypatch):
    monkeypatch.setattr("receipts.pdf.write", lambda receipt: 1 / 0)
    row = OutboxRow.objects.get(kind="receipts.draw_receipt", subject_id=receipt.pk)
    attempt(row.pk, at=at)
    row.refresh_from_db()
    assert (row.done_at, row.last_error) == (None, "ZeroDivisionError")
    assert not Receipt.objects.get(pk=receipt.pk).is_drawn


# --- the mail ------------------------------------------------------------------------------
def test_the_mail_waits_for_the_drawing(receipt, at, mailoutbox):
    with pytest.raises(NotYet):
        send_receipt.handler(receipt.pk, at=at)
    assert mailoutbox == []


def test_the_mail_brings_the_pdf(receipt, aminah, at, drawings, mailoutbox):
    drawn(receipt, at)
    send_receipt.handler(receipt.pk, at=at)
    (mail,) = mailoutbox
    assert mail.to == [aminah.email]
    assert mail.subject == f"Resit {receipt.number}: RM13.10"
    assert mail.attachments[0].filename == f"{receipt.number}.pdf"
    assert mail.attachments[0].mimetype == "application/pdf"
    assert mail.attachments[0].content.startswith(b"%PDF")


def test_the_mail_brings_the_end_of_cover_for_the_calendar(receipt, at, drawings, mailoutbox):
    drawn(receipt, at)
    send_receipt.handler(receipt.pk, at=at)
    name, content, kind = mailoutbox[0].attachments[1]
    assert (name, kind) == ("tamat.ics", "text/calendar")
    assert "DTSTART:20261222T020000Z" in content
    assert "SUMMARY:Perlindungan anda tamat" in content


def test_a_renewal_moves_the_calendars_event(receipt, registration, at):
    renewal = make_receipt(registration, issued_at=at + timedelta(days=20))
    assert renewal.calendar_uid == receipt.calendar_uid


def test_the_mail_of_a_correction_names_the_void_one(receipt, aminah, at, drawings, mailoutbox):
    aminah.full_name = "Aminah binti Alias"
    aminah.save()
    correction = receipt_correction.correct_receipt(receipt=receipt, by=make_officer(), at=at)
    drawn(correction, at)
    send_receipt.handler(correction.pk, at=at)
    assert f"menggantikan resit {receipt.number}" in mailoutbox[0].body


def test_the_mail_says_what_is_covered(receipt, at, drawings, mailoutbox):
    drawn(receipt, at)
    send_receipt.handler(receipt.pk, at=at)
    body = mailoutbox[0].body.replace("\N{NO-BREAK SPACE}", " ")
    assert "22 Nov 2026, 10:00 pagi" in body
    assert "22 Dis 2026, 10:00 pagi" in body
    assert f"/resit/{receipt.public_id}/" in body
    assert f"/r/{receipt.code}/" in body


def test_the_mail_holds_no_ic_number_and_a_short_subject(receipt, aminah, at, drawings, mailoutbox):
    drawn(receipt, at)
    send_receipt.handler(receipt.pk, at=at)
    assert aminah.ic_number not in mailoutbox[0].body
    assert aminah.ic_number[-4:] not in mailoutbox[0].body
    assert len(mailoutbox[0].subject) <= 60


def test_the_mail_is_sent_once(receipt, at, drawings, mailoutbox):
    drawn(receipt, at)
    send_receipt.handler(receipt.pk, at=at)
    send_receipt.handler(receipt.pk, at=at + timedelta(minutes=1))
    assert len(mailoutbox) == 1
    assert Receipt.objects.get().mailed_at == at


def test_the_name_in_the_mail_is_as_typed(at, drawings, mailoutbox):
    registration = make_registration(make_user("Siti O'Hara & Anak <Sdn>"), "submitted")
    receipt = drawn(make_receipt(registration), at)
    send_receipt.handler(receipt.pk, at=at)
    assert "Siti O'Hara & Anak <Sdn>" in mailoutbox[0].body


# --- the SMS -------------------------------------------------------------------------------
def test_the_sms_says_what_was_paid_and_covered(receipt, at, monkeypatch, aminah):
    sent = []
    monkeypatch.setattr(
        "accounts.sms.send", lambda to, text, reference="": sent.append((to, text, reference))
    )
    send_receipt_sms.handler(receipt.pk, at=at)
    ((to, text, reference),) = sent
    assert (to, reference) == (aminah.phone, receipt.number)
    assert text == (
        f"RM0.00 PERKESO: Bayaran RM13.10 diterima. Resit {receipt.number}. "
        "Dilindungi 22 Nov 2026, 10:00 pagi hingga 22 Dis 2026, 10:00 pagi."
    )


@pytest.mark.parametrize("language", ["ms", "en"])
@pytest.mark.parametrize("hour", [0, 12])
def test_the_longest_sms_is_one_segment(receipt, at, language, hour):
    receipt.amount = receipt.amount.__class__("1234.50")
    receipt.coverage_starts_at = at.replace(hour=hour, minute=59)
    receipt.coverage_ends_at = receipt.coverage_starts_at
    text = render("receipts/sms/paid", {"receipt": receipt}, language=language)
    assert len(text) <= 160
    assert "http" not in text


def test_every_act_has_its_limit():
    limits = {kind: act.limit for kind, act in ACTS.items() if kind.startswith("receipts.")}
    assert limits == {
        "receipts.draw_receipt": timedelta(minutes=5),
        "receipts.send_receipt": timedelta(minutes=15),
        "receipts.send_receipt_sms": timedelta(minutes=2),
    }
