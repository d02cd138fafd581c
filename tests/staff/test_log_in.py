"""Nobody sits down at the desk without his authenticator."""

import re
from datetime import timedelta

import pytest
from django_otp.oath import TOTP

from foundation.audit import AuditEvent
from tests.factories import make_officer, make_user
from tests.staff.desk import seated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
URL = "/staf/login/"
PASSWORD = "kata laluan pegawai"


def digits(officer, at):
    """What his authenticator shows."""
    device = officer.authenticator_set.get()
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = at.timestamp()
    return f"{totp.token():06d}"


def typed(officer, **changed):
    """What the log-in form sends."""
    answers = {"username": officer.username, "password": PASSWORD, "otp_token": "000000"}
    return answers | changed | {"next": "/staf/"}


def test_it_asks_for_everything_at_once_in_malay(client):
    page = client.get(URL)
    assert page.status_code == 200
    for words in ["Nama pengguna", "Kata laluan", "Kod pengesah", "Log masuk pegawai"]:
        assert words in page.text
    assert 'autocomplete="one-time-code"' in page.text
    assert "kod pemulihan" in page.text
    assert "device" not in re.sub("width=device-width", "", page.text).lower()


def test_his_only_authenticator_is_taken_without_asking(client, at):
    officer = make_officer()
    answer = client.post(URL, typed(officer, otp_token=digits(officer, at)))
    assert answer.headers["Location"] == "/staf/"
    assert client.get("/staf/").status_code == 200


def test_the_desk_is_left_after_ten_idle_minutes(client, at, clock, settings):
    officer = make_officer()
    answer = client.post(URL, typed(officer, otp_token=digits(officer, at)))
    assert answer.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 600
    clock.shift(timedelta(minutes=9))
    answer = client.get("/staf/")
    assert answer.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 600


def test_the_desk_is_left_after_eight_busy_hours(client, at, clock):
    officer = make_officer()
    client.post(URL, typed(officer, otp_token=digits(officer, at)))
    for _hour in range(8 * 7):
        assert client.get("/staf/").status_code == 200
        clock.shift(timedelta(minutes=8.5))
    clock.shift(timedelta(minutes=4))
    assert client.get("/staf/").headers["Location"] == "/staf/login/?next=/staf/"
    assert "_auth_user_id" not in client.session


def test_both_ends_of_the_log_in_are_events(client, at):
    officer = make_officer()
    client.post(URL, typed(officer, password="salah"))
    client.post(URL, typed(officer, otp_token=digits(officer, at)))
    client.post(URL, typed(officer, username="tiada"))
    events = AuditEvent.objects.order_by("pk").values_list("action", "by", "subject_id")
    assert list(events) == [
        ("officer_log_in_refused", None, str(officer.pk)),
        ("officer_logged_in", officer.pk, str(officer.pk)),
    ]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"password": "salah"}, "Nama pengguna atau kata laluan tidak betul"),
        ({"otp_token": ""}, "Masukkan kod daripada aplikasi pengesah anda"),
        ({"otp_token": "000000"}, "Kod pengesah tidak betul"),
    ],
)
def test_each_wrong_answer_is_told(client, wrong, words):
    page = client.post(URL, typed(make_officer(), **wrong))
    assert page.status_code == 200
    assert 'role="alert"' in page.text
    assert words in page.text
    assert client.get("/staf/").status_code == 302


def test_an_officer_without_an_authenticator_is_told(client):
    officer = make_officer()
    officer.authenticator_set.all().delete()
    assert "belum mempunyai aplikasi pengesah" in client.post(URL, typed(officer)).text


def test_an_authenticator_that_is_not_confirmed_does_not_count(client, at):
    officer = make_officer()
    officer.authenticator_set.update(confirmed=False)
    page = client.post(URL, typed(officer, otp_token=digits(officer, at)))
    assert page.status_code == 200


def test_the_same_digits_open_the_desk_once(client, at):
    officer = make_officer()
    answers = typed(officer, otp_token=digits(officer, at))
    client.post(URL, answers)
    client.logout()
    assert client.post(URL, answers).status_code == 200


def test_after_five_tries_he_waits(client, at):
    officer = make_officer()
    for _try in range(5):
        client.post(URL, typed(officer, password="salah"))
    answer = client.post(URL, typed(officer, otp_token=digits(officer, at)))
    assert answer.status_code == 429
    other = make_officer()
    assert client.post(URL, typed(other, otp_token=digits(other, at))).status_code == 302


def test_a_driver_does_not_get_in(client):
    client.force_login(make_user())
    assert client.get("/staf/").headers["Location"] == "/staf/login/?next=/staf/"


def test_an_officer_without_his_authenticator_does_not_get_in(client):
    client.force_login(make_officer())
    assert client.get("/staf/").status_code == 302


@pytest.mark.parametrize(
    "url",
    [
        "/staf/",
        "/staf/registration/registration/",
        "/staf/registration/registration/1/semak/",
        "/staf/payments/payment/",
    ],
)
def test_strangers_are_sent_to_the_officers_log_in(client, url):
    assert client.get(url).headers["Location"] == f"/staf/login/?next={url}"


def test_whoever_sits_there_may_leave(client):
    seated(client)
    assert client.post("/staf/logout/").status_code == 200
    assert client.get("/staf/").status_code == 302
