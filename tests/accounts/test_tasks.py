"""What the worker does: it alone makes codes and tokens."""

import re
from datetime import timedelta
from functools import partial

import pytest
import requests
from django.core import mail

from accounts import tasks
from accounts.models import Code, ContactChange, EmailLink
from accounts.services import links
from accounts.services import sign_up as services
from foundation import outbox
from foundation.alarms import Alarm
from tests.factories import AT, make_account, make_sign_up, make_token, make_user, prove_phone

HOUR = timedelta(hours=1)
NONSENSE = "Hadiah Menanti Ketik <b>sahaja</b>"


@pytest.fixture
def boon(db):
    return make_sign_up("Boon bin Chandran", email="boon@contoh.com", phone="+60123456789")


# --- codes ---------------------------------------------------------------------------------
def test_a_code_is_made_sent_and_kept_as_a_hash(boon, gateway):
    code = Code.objects.get()
    tasks.send_code.handler(code.pk, at=AT)
    ((to, text),) = gateway.texts
    code.refresh_from_db()
    assert to == "60123456789"
    assert code.matches(re.search(r"\d{6}", text)[0])
    assert code.expires_at == AT + timedelta(minutes=5)


def test_the_life_of_a_code_begins_when_it_is_sent(boon, gateway):
    code = Code.objects.get()
    tasks.send_code.handler(code.pk, at=AT + timedelta(minutes=4))
    code.refresh_from_db()
    assert code.expires_at == AT + timedelta(minutes=9)


def test_english_accounts_get_english_texts(db, gateway):
    make_sign_up(language="en")
    tasks.send_code.handler(Code.objects.get().pk, at=AT)
    assert gateway.texts[0][1].startswith("RM0.00 PERKESO: ")


def test_a_code_that_nobody_waits_for_is_not_sent(boon, gateway):
    tasks.send_code.handler(Code.objects.get().pk, at=AT + HOUR)
    assert gateway.texts == []


def test_nobodys_code_and_a_used_one_are_not_sent(boon, gateway):
    Code.objects.update(used_at=AT)
    nobodys = Code.objects.create(purpose="reset", attempt=boon.sign_up_attempt, requested_at=AT)
    for code in Code.objects.all():
        tasks.send_code.handler(code.pk, at=AT)
    tasks.send_code.handler(0, at=AT)
    assert gateway.texts == []
    nobodys.refresh_from_db()
    assert nobodys.code_hash == ""


def test_a_gateway_that_is_down_is_tried_again(boon, settings, gateway):
    row = outbox.OutboxRow.objects.get()
    settings.SMS_URL = "http://localhost:1/refused"
    outbox.attempt(row.pk, at=AT)
    row.refresh_from_db()
    assert (row.done_at, row.last_error) == (None, "ConnectionError")
    settings.SMS_URL = "http://localhost:8100/sms/api/send"
    outbox.attempt(row.pk, at=AT + timedelta(seconds=10))
    row.refresh_from_db()
    assert row.done_at
    assert Code.objects.get().matches(re.search(r"\d{6}", gateway.texts[0][1])[0])


def test_every_sms_of_a_slow_gateway_holds_a_good_code(boon, gateway, monkeypatch):
    """It sends each text, but answers too late: each is handed over once more."""
    row, sent = outbox.OutboxRow.objects.get(), []

    def send_too_slowly(to, text):
        sent.append(re.search(r"\d{6}", text)[0])
        raise requests.Timeout

    monkeypatch.setattr("accounts.sms.send", send_too_slowly)
    for seconds in (0, 10, 70):
        outbox.attempt(row.pk, at=AT + timedelta(seconds=seconds))
    assert len(sent) == 3
    late = AT + timedelta(seconds=70) + timedelta(minutes=4)
    assert all(Code.objects.get().is_good(digits, late) for digits in sent)


def test_a_code_that_stays_away_alarms(boon, settings):
    outbox.sweep(at=AT + timedelta(minutes=3))
    assert Alarm.objects.get().key == "accounts.send_code"


def test_a_commit_rings_the_notifier(db, django_capture_on_commit_callbacks, monkeypatch):
    rung = []
    monkeypatch.setattr(outbox, "notify", rung.append)
    with django_capture_on_commit_callbacks(execute=True):
        make_sign_up()
    assert rung == [outbox.OutboxRow.objects.get()]


def test_the_queue_carries_ids_only(boon):
    assert {field.name for field in outbox.OutboxRow._meta.fields} >= {"kind", "subject_id"}
    row = outbox.OutboxRow.objects.get()
    assert row.subject_id == Code.objects.get().pk


# --- links ---------------------------------------------------------------------------------
def test_a_link_is_made_and_mailed(boon):
    prove_phone(boon)
    tasks.send_email_link.handler(boon.links.get().pk, at=AT)
    (message,) = mail.outbox
    link = boon.links.get()
    token = re.search(r"http://127.0.0.1:8000/akaun/aktif/(\S+)/", message.body)[1]
    assert message.to == ["boon@contoh.com"]
    assert message.subject == "Aktifkan akaun anda"
    assert EmailLink.objects.with_token(token).get() == link
    assert link.expires_at == AT + timedelta(hours=24)
    assert len(token) == 43
    assert token not in str(EmailLink.objects.values())


def test_the_mail_says_klik_disini_atau_buka_with_the_bare_address_below(boon):
    prove_phone(boon)
    tasks.send_email_link.handler(boon.links.get().pk, at=AT)
    (message,) = mail.outbox
    address = re.search(r"http://\S+", message.body)[0]
    assert f"klik disini atau buka\n{address}\n" in message.body
    (html,) = [part.content for part in message.alternatives]
    link = f'<a href="{address}">'
    assert f"klik {link}disini</a> atau buka<br>{link}{address}</a></p>" in html
    assert html.count("<a ") == 2
    for part in (message.body, html):
        assert "Jika anda tidak mendaftar, abaikan e-mel ini." in part
        assert boon.ic_number not in part


def strangers_words():
    """A sign-up whose every word is a stranger's, up to the code, which is mailed first."""
    boon = make_sign_up(NONSENSE)
    Code.objects.update(channel="email")
    tasks.send_code.handler(Code.objects.get().pk, at=AT)
    return boon


def activating():
    boon = make_sign_up(NONSENSE)
    prove_phone(boon)
    tasks.send_email_link.handler(boon.links.get().pk, at=AT)


def changing(purpose):
    aminah = make_user(NONSENSE)
    change = ContactChange.objects.create(user=aminah, email="baharu@contoh.com", requested_at=AT)
    link = aminah.links.create(purpose=purpose, contact_change=change, requested_at=AT)
    tasks.send_email_link.handler(link.pk, at=AT)


UNPROVED = {
    "sign-up, code": strangers_words,
    EmailLink.Purpose.ACTIVATE: activating,
} | {purpose: partial(changing, purpose) for purpose in EmailLink.TO_NEW_ADDRESS}


@pytest.mark.parametrize("send", UNPROVED.values(), ids=UNPROVED)
def test_a_mail_to_an_address_that_nobody_has_proved_holds_nobodys_words(db, send):
    send()
    message = mail.outbox[-1]
    parts = [message.subject, message.body, *(part.content for part in message.alternatives)]
    assert "Salam," in message.body
    assert all(word not in part for part in parts for word in NONSENSE.split())


def test_an_english_account_gets_an_english_address(db):
    ann = make_sign_up("Ann Lee", language="en")
    prove_phone(ann)
    tasks.send_email_link.handler(ann.links.get().pk, at=AT)
    assert "http://127.0.0.1:8000/en/akaun/aktif/" in mail.outbox[0].body


def test_a_second_run_mails_the_same_link(boon):
    """A mail server that was too slow to answer may have sent the first mail all the same."""
    prove_phone(boon)
    link = boon.links.get()
    for minutes in (0, 1):
        tasks.send_email_link.handler(link.pk, at=AT + timedelta(minutes=minutes))
    first, second = [re.search(r"/akaun/aktif/(\S+)/", message.body)[1] for message in mail.outbox]
    assert first == second
    assert EmailLink.objects.with_token(first).get().why_closed(AT) == ""
    assert make_token(make_account()) != first


def test_an_older_link_is_not_mailed_after_a_newer_was_asked_for(boon):
    prove_phone(boon)
    old = boon.links.get()
    services.send_link_again(sign_up=boon, email=boon.email, at=AT)
    tasks.send_email_link.handler(old.pk, at=AT)
    assert mail.outbox == []


@pytest.mark.parametrize("column", ["used_at", "superseded_at"])
def test_a_closed_link_is_not_mailed(boon, column):
    prove_phone(boon)
    boon.links.update(**{column: AT})
    tasks.send_email_link.handler(boon.links.get().pk, at=AT)
    tasks.send_email_link.handler(0, at=AT)
    assert mail.outbox == []


def test_a_reset_link_lives_for_four_hours(db):
    aminah = make_user()
    link = links.request_email_link(user=aminah, purpose=EmailLink.Purpose.RESET, at=AT)
    tasks.send_email_link.handler(link.pk, at=AT)
    link.refresh_from_db()
    assert link.expires_at == AT + timedelta(hours=4)
    assert "/lupa-kata-laluan/pautan/" in mail.outbox[0].body


# --- notices -------------------------------------------------------------------------------
def test_an_owner_is_told_of_a_sign_up_once_an_hour(db):
    aminah = make_account(email="aminah@contoh.com")
    for minutes in (0, 30, 61):
        tasks.send_account_exists.handler(aminah.pk, at=AT + timedelta(minutes=minutes))
    assert [message.to for message in mail.outbox] == [["aminah@contoh.com"]] * 2
    message = mail.outbox[0]
    assert message.subject == "Anda sudah mempunyai akaun"
    assert "http://127.0.0.1:8000/log-masuk/" in message.body
    assert "http://127.0.0.1:8000/lupa-kata-laluan/" in message.body
