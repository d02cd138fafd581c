"""The second way of a code: by e-mail, after the second SMS of an attempt or while SMS are slow."""

import re
from datetime import timedelta

import pytest
from django.conf import settings

from accounts.models import Code
from accounts.services.watch import SMS_IS_SLOW
from accounts.tasks import send_code
from foundation.alarms import raise_alarm
from foundation.audit import AuditEvent
from tests.accounts.pages import lands
from tests.factories import PASSWORD, make_account, make_code, make_token

LOG_IN = "/log-masuk/otp/"
PROVE = "/profil/pengesahan/otp/"
RESET = "/lupa-kata-laluan/otp/"
OFFER = "Hantar kod melalui e-mel</button>"
LINK_OFFER = "Hantar pautan melalui e-mel</button>"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def aminah(client, db):
    """Aminah typed her password on a device that nobody knows."""
    aminah = make_account(ic_number="850101145523", phone="+60123456789", email="a@contoh.com")
    client.post("/log-masuk/", {"ic_number": aminah.ic_number})
    client.post("/log-masuk/kata-laluan/", {"password": PASSWORD})
    return aminah


def mailed_digits(mailoutbox):
    return re.search(r"Kod OTP anda (\d{6})\.", mailoutbox[-1].body)[1]


def send_twice(client, clock, page):
    assert OFFER not in client.get(f"{page}hantar-semula/").text
    clock.shift(MINUTE)
    client.post(f"{page}hantar-semula/")


def test_it_logs_in(client, aminah, clock, work, mailoutbox):
    send_twice(client, clock, LOG_IN)
    page = client.get(f"{LOG_IN}hantar-semula/").text
    assert "Kami boleh menghantar kod ke e-mel a•••@contoh.com." in page or OFFER in page
    assert lands(client.post(f"{LOG_IN}e-mel/"), LOG_IN)
    work()
    assert mailoutbox[-1].to == ["a@contoh.com"]
    assert "Kami telah menghantar kod 6 angka ke e-mel a" in client.get(LOG_IN).text
    assert lands(client.post(LOG_IN, {"code": mailed_digits(mailoutbox)}), "/mod/")


def test_it_has_sends_of_its_own(client, aminah, clock):
    for _send in range(5):
        clock.shift(MINUTE)
        client.post(f"{LOG_IN}hantar-semula/")
    refused = client.post(f"{LOG_IN}hantar-semula/")
    assert "Terlalu banyak cubaan" in refused.text
    assert OFFER in refused.text
    assert lands(client.post(f"{LOG_IN}e-mel/"), LOG_IN)
    assert "Tunggu <span>60</span> saat" in client.post(f"{LOG_IN}e-mel/").text


def test_a_proof_by_email_sends_nobody_to_the_phone(client, aminah, clock):
    client.force_login(aminah)
    client.get("/profil/telefon/")
    client.post("/profil/pengesahan/", {"password": PASSWORD})
    assert "<h1>Semak telefon anda</h1>" in client.get(PROVE).text
    send_twice(client, clock, PROVE)
    assert lands(client.post(f"{PROVE}e-mel/"), PROVE)
    assert "<h1>Semak e-mel anda</h1>" in client.get(PROVE).text


def test_it_is_not_sent_before_it_is_offered(client, aminah):
    assert OFFER not in client.post(f"{LOG_IN}e-mel/").text
    assert not Code.objects.filter(channel="email").exists()


def test_it_is_offered_at_once_while_sms_are_slow_and_the_driver_is_told(client, aminah, at):
    assert "SMS lambat sampai buat masa ini." not in client.get(LOG_IN).text
    raise_alarm(SMS_IS_SLOW, "gateway", at=at)
    assert "SMS lambat sampai buat masa ini." in client.get(LOG_IN).text
    assert OFFER in client.get(f"{LOG_IN}hantar-semula/").text


def test_for_a_day_after_a_new_password_it_is_not_offered(client, aminah, clock, at):
    link = aminah.links.create(purpose="reset", requested_at=at)
    make_token(aminah, "reset")
    link.refresh_from_db()
    link.used_at = at
    link.save()
    raise_alarm(SMS_IS_SLOW, "gateway", at=at)
    assert OFFER not in client.get(f"{LOG_IN}hantar-semula/").text


def test_whose_browser_lost_its_session_begins_again(client, db):
    assert lands(client.post(f"{LOG_IN}e-mel/"), "/log-masuk/")
    assert lands(client.post(f"{RESET}e-mel/"), "/lupa-kata-laluan/")


def test_who_forgot_the_password_is_mailed_a_link_instead(client, aminah, work, mailoutbox):
    """A code that leads to a link in the same mailbox would prove the same thing twice."""
    client.post("/lupa-kata-laluan/", {"ic_number": "850101145523", "phone": "0123456789"})
    assert LINK_OFFER in client.get(f"{RESET}hantar-semula/").text
    assert lands(client.post(f"{RESET}e-mel/"), RESET)
    work()
    assert "Buka pautan dalam e-mel terbaharu daripada kami." in client.get(RESET).text
    (mail,) = mailoutbox
    assert mail.to == ["a@contoh.com"]
    path = re.search(r"http://127.0.0.1:8000(/lupa-kata-laluan/pautan/\S+/)", mail.body)[1]
    client.get(path)
    twice = {"password": "sungai di hulu", "password_confirmation": "sungai di hulu"}
    answer = client.post("/lupa-kata-laluan/baharu/", twice)
    assert lands(answer, LOG_IN)
    assert settings.DEVICE_COOKIE_NAME not in answer.cookies
    assert "Taip kod dalam SMS untuk log masuk" in client.get(LOG_IN).text
    assert lands(client.post(LOG_IN, {"code": make_code(aminah, "log_in")}), "/mod/")


def test_a_mail_that_is_tried_again_holds_the_same_link(client, aminah, at, mailoutbox):
    client.post("/lupa-kata-laluan/", {"ic_number": "850101145523", "phone": "0123456789"})
    client.post(f"{RESET}e-mel/")
    code = Code.objects.get(channel="email")
    for _try in range(2):
        send_code.handler(code.pk, at=at)
    assert mailoutbox[0].body == mailoutbox[1].body
    assert aminah.links.filter(purpose="reset").count() == 1


def test_nobodys_attempt_is_offered_the_same(client, db, work, mailoutbox):
    client.post("/lupa-kata-laluan/", {"ic_number": "900315105012", "phone": "0123456788"})
    assert LINK_OFFER in client.get(f"{RESET}hantar-semula/").text
    assert lands(client.post(f"{RESET}e-mel/"), RESET)
    work()
    assert mailoutbox == []


def test_a_day_of_wrong_codes_tells_the_owner_and_leaves_mailed_codes(
    client, aminah, clock, work, mailoutbox, settings
):
    settings.LIMITS = settings.LIMITS | {"wrong_codes": (2, timedelta(hours=24))}
    for _try in range(2):
        client.post(LOG_IN, {"code": "000000"})
    texted = make_code(aminah, "log_in")
    for _try in range(2):
        assert "Terlalu banyak cubaan" in client.post(LOG_IN, {"code": texted}).text
    send_twice(client, clock, LOG_IN)
    client.post(f"{LOG_IN}e-mel/")
    work()
    told = [mail for mail in mailoutbox if mail.subject == "Banyak kod salah dicuba"]
    assert [mail.to for mail in told] == [["a@contoh.com"]]
    assert AuditEvent.objects.get(action="wrong_codes").detail == {"purpose": "log_in"}
    digits = next(mailed_digits([m]) for m in mailoutbox if m.subject == "Kod OTP anda")
    assert lands(client.post(LOG_IN, {"code": digits}), "/mod/")
