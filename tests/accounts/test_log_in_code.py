"""The code on an unknown device."""

import re
from datetime import timedelta

import pytest
from django.conf import settings

from accounts.models import Code
from foundation.outbox import OutboxRow
from tests.accounts.pages import errors, lands
from tests.browser import Browser
from tests.factories import PASSWORD, make_account, make_code

PATH = "/log-masuk/otp/"
AGAIN = "/log-masuk/otp/hantar-semula/"
WRONG = ["Kod OTP tidak betul. Semak SMS terkini dan cuba lagi"]


@pytest.fixture
def aminah(client, db):
    """Aminah typed her password on a device that nobody knows."""
    aminah = make_account(phone="+60123456789")
    client.post("/log-masuk/", {"ic_number": aminah.ic_number})
    assert lands(client.post("/log-masuk/kata-laluan/", {"password": PASSWORD}), PATH)
    return aminah


def test_it_asks_for_the_code(client, aminah, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        page = client.get(PATH).text
    assert "<h1>Semak telefon anda</h1>" in page
    assert "012-\N{WORD JOINER}•••\N{NO-BREAK SPACE}6789" in page
    assert ">Ingat peranti ini selama 30 hari</label>" in page
    assert ">Kod OTP</label>" in page


def test_the_right_code_logs_in(client, aminah, at):
    before = client.session.session_key
    assert lands(client.post(PATH, {"code": make_code(aminah, "log_in")}), "/mod/")
    assert client.session["_auth_user_id"] == str(aminah.pk)
    assert client.session.session_key != before
    assert "log_in_code" not in client.session
    assert aminah.known_devices.count() == 2  # those of the sign-up


def test_it_is_remembered_only_when_asked(client, aminah):
    data = {"code": make_code(aminah, "log_in"), "is_to_be_remembered": "on"}
    response = client.post(PATH, data)
    assert response.cookies[settings.DEVICE_COOKIE_NAME].value
    client.post("/log-keluar/")
    client.post("/log-masuk/", {"ic_number": aminah.ic_number})
    assert lands(client.post("/log-masuk/kata-laluan/", {"password": PASSWORD}), "/mod/")


def test_a_phone_that_two_share_knows_both(client, aminah):
    data = {"code": make_code(aminah, "log_in"), "is_to_be_remembered": "on"}
    first = client.post(PATH, data).cookies[settings.DEVICE_COOKIE_NAME].value
    client.post("/log-keluar/")
    spouse = make_account("Suami Aminah", phone="+60123456789")
    client.post("/log-masuk/", {"ic_number": spouse.ic_number})
    client.post("/log-masuk/kata-laluan/", {"password": PASSWORD})
    data = {"code": make_code(spouse, "log_in"), "is_to_be_remembered": "on"}
    assert client.post(PATH, data).cookies[settings.DEVICE_COOKIE_NAME].value != first
    for person in (aminah, spouse):
        client.post("/log-keluar/")
        client.post("/log-masuk/", {"ic_number": person.ic_number})
        assert lands(client.post("/log-masuk/kata-laluan/", {"password": PASSWORD}), "/mod/")


def test_the_owner_is_told_by_mail(client, aminah, work, mailoutbox):
    client.post(PATH, {"code": make_code(aminah, "log_in")})
    OutboxRow.objects.exclude(kind="accounts.send_new_device").delete()
    work()
    (mail,) = mailoutbox
    assert mail.subject == "Log masuk dari peranti baharu"
    assert "22 Nov 2026, 10:00 pagi" in mail.body.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Masukkan kod OTP"),
        ("123", "Kod OTP mesti 6 angka"),
        ("abcdef", "Kod OTP mesti 6 angka"),
    ],
)
def test_each_mistake_has_its_sentence(client, aminah, typed, sentence):
    assert errors(client.post(PATH, {"code": typed}), "code") == [sentence]


def test_five_wrong_codes_then_wait(client, aminah):
    digits = make_code(aminah, "log_in")
    wrong = f"{(int(digits) + 1) % 1_000_000:06}"
    for _try in range(5):
        assert errors(client.post(PATH, {"code": wrong}), "code") == WRONG
    assert "Terlalu banyak cubaan" in client.post(PATH, {"code": digits}).text
    assert "_auth_user_id" not in client.session


def test_a_late_code_brings_a_new_one(client, aminah, clock):
    digits = make_code(aminah, "log_in")
    clock.shift(timedelta(minutes=6))
    assert errors(client.post(PATH, {"code": digits}), "code") == [
        "Kod OTP telah tamat tempoh. Kami telah menghantar kod baharu"
    ]


def test_the_sign_ups_code_does_not_log_in(client, aminah, at):
    digits = make_code(aminah, "sign_up")
    assert errors(client.post(PATH, {"code": digits}), "code") == WRONG


def test_a_password_that_changed_meanwhile_ends_the_attempt(client, aminah):
    digits = make_code(aminah, "log_in")
    aminah.set_password("lain sekali sekarang")
    aminah.save()
    assert lands(client.post(PATH, {"code": digits}), "/log-masuk/")


@pytest.mark.parametrize("path", [PATH, AGAIN])
def test_out_of_turn_it_begins_again(client, db, path):
    assert lands(client.get(path), "/log-masuk/")
    assert lands(client.post(path, {"code": "123456"}), "/log-masuk/")


# --- no code came --------------------------------------------------------------------------
def test_another_code_goes_to_the_same_number(client, aminah, clock, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        page = client.get(AGAIN).text
    assert "012-\N{WORD JOINER}•••\N{NO-BREAK SPACE}6789" in page
    assert 'name="phone"' not in page
    clock.shift(timedelta(minutes=1))
    assert lands(client.post(AGAIN), PATH)
    assert "Kami telah menghantar kod baharu" in client.get(PATH).text
    assert Code.objects.filter(purpose="log_in").count() == 2


def test_another_code_must_wait_a_minute(client, aminah):
    page = client.post(AGAIN)
    assert page.status_code == 200
    assert "Tunggu <span>60</span> saat sebelum meminta kod baharu." in page.text
    assert Code.objects.filter(purpose="log_in").count() == 1


def test_it_says_how_many_seconds_to_wait_before_anybody_asks(client, aminah, clock):
    clock.shift(timedelta(seconds=20))
    assert "Tunggu <span>40</span> saat" in client.get(AGAIN).text
    clock.shift(timedelta(seconds=40))
    assert "saat sebelum meminta" not in client.get(AGAIN).text


def test_in_a_second_browser_within_the_minute_the_code_is_on_its_way(
    client, aminah, clock, work, gateway
):
    work()
    sent = len(gateway.texts)
    clock.shift(timedelta(seconds=20))
    other = Browser()
    other.post("/log-masuk/", {"ic_number": aminah.ic_number})
    assert lands(other.post("/log-masuk/kata-laluan/", {"password": PASSWORD}), PATH)
    work()
    assert len(gateway.texts) == sent  # one a minute
    assert "Tunggu <span>100</span> saat" in other.get(AGAIN).text
    clock.shift(timedelta(seconds=40))
    work()
    digits = re.search(r"\d{6}", gateway.texts[sent][1])[0]
    assert lands(other.post(PATH, {"code": digits}), "/mod/")


def test_when_the_sms_are_used_up_the_right_password_brings_a_mailed_code(client, aminah, clock):
    for _send in range(4):
        clock.shift(timedelta(minutes=1))
        client.post(AGAIN)
    other = Browser()
    other.post("/log-masuk/", {"ic_number": aminah.ic_number})
    assert lands(other.post("/log-masuk/kata-laluan/", {"password": PASSWORD}), PATH)
    assert "Kami telah menghantar kod 6 angka ke e-mel" in other.get(PATH).text


def test_what_the_gateway_refused_is_not_sent(client, aminah, work, gateway, settings):
    gateway.replace("POST", settings.SMS_URL, status=400)
    work()
    page = client.get(PATH).text
    assert "Kami telah menghantar" not in page
    assert "SMS ke 012-\N{WORD JOINER}•••\N{NO-BREAK SPACE}6789 belum dapat dihantar." in page
    assert "Hantar kod melalui e-mel</button>" in client.get(AGAIN).text


def test_what_never_arrived_is_not_sent(client, aminah, work, at):
    work()
    assert "Kami telah menghantar kod 6 angka" in client.get(PATH).text
    OutboxRow.objects.filter(kind="accounts.send_code").update(undelivered_at=at)
    assert "belum dapat dihantar" in client.get(PATH).text


def test_a_used_code_frees_the_next_log_in(client, aminah):
    """The limits stop floods of SMS, not a driver who uses each code."""
    for _log_in in range(7):
        assert lands(client.post(PATH, {"code": make_code(aminah, "log_in")}), "/mod/")
        client.post("/log-keluar/")
        client.post("/log-masuk/", {"ic_number": aminah.ic_number})
        assert lands(client.post("/log-masuk/kata-laluan/", {"password": PASSWORD}), PATH)
