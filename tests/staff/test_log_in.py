"""Nobody logs in at the desk without their authenticator."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_otp.oath import TOTP

from accounts.models import User
from accounts.services.recovery_codes import make_recovery_codes
from foundation.alarms import Alarm
from foundation.audit import AuditEvent
from tests.factories import make_officer, make_user
from tests.staff.desk import seated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
URL = "/staf/login/"
PASSWORD = "kata laluan pegawai"
ENCODE = MD5PasswordHasher.encode


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
        ("officer_log_in_refused", None, ""),  # else the time would tell whose name it is
    ]


WRONG = {
    "password": {"password": "salah"},
    "digits": {"otp_token": "000000"},
    "password and digits": {"password": "salah", "otp_token": "000000"},
    "name": {"username": "tiada"},
    "recovery code": {"otp_token": "000000000000"},
    "recovery code and password": {"otp_token": "0" * 12, "password": "salah"},
}


def refused(client, answers):
    """The page without what is of this request, and what it cost."""
    with (
        patch.object(MD5PasswordHasher, "encode", autospec=True, side_effect=ENCODE) as hashing,
        CaptureQueriesContext(connection) as queries,
    ):
        page = client.post(URL, answers)
    text = re.sub(r'value="[^"]*"', "", page.text)
    tables = [re.sub(r"'[^']*'|[0-9]+", "", query["sql"])[:60] for query in queries]
    return page.status_code, text, hashing.call_count, len(tables)


def wrong_log_ins(at):
    """Each first one of an officer's: also of one who was closed, of one without authenticator."""
    for name, wrong in WRONG.items():
        officer = make_officer()
        username = f"tiada{officer.pk}" if "username" in wrong else officer.username
        right = {"otp_token": digits(officer, at)}
        yield name, typed(officer, **(right | wrong | {"username": username}))
    closed, bare = make_officer(), make_officer()
    yield "closed", typed(closed, otp_token=digits(closed, at))
    yield "without an authenticator", typed(bare, otp_token=digits(bare, at))


def test_nothing_tells_what_was_wrong(at):
    log_ins = dict(wrong_log_ins(at))
    User.objects.filter(username=log_ins["closed"]["username"]).update(is_active=False)
    bare = User.objects.get(username=log_ins["without an authenticator"]["username"])
    bare.authenticator_set.all().delete()
    refused(Client(), typed(make_officer(), username="siapa"))  # what is read once
    pages, costs = set(), {False: set(), True: set()}
    for name, answers in log_ins.items():
        status, text, *cost = refused(Client(), answers)
        assert status == 200, name
        assert "Nama pengguna, kata laluan atau kod tidak betul" in text
        pages.add(text)
        costs["recovery" in name].add(tuple(cost))
    assert len(pages) == 1
    assert [len(cost) for cost in costs.values()] == [1, 1]
    assert {hashes for hashes, _queries in costs[False]} == {1}


@pytest.mark.parametrize(
    ("typed_", "words"),
    [("", "Masukkan kod daripada aplikasi pengesah anda"), ("12345", "Kod pengesah mesti 6 angka")],
)
def test_what_are_no_digits_is_told_whoever_it_is(client, typed_, words):
    for answers in (typed(make_officer(), otp_token=typed_), {"otp_token": typed_}):
        page = client.post(URL, answers)
        assert (page.status_code, words in page.text) == (200, True)


def test_wrong_digits_make_nobody_wait(client, at):
    officer = make_officer()
    for _try in range(4):
        client.post(URL, typed(officer))
    assert officer.authenticator_set.get().throttling_failure_count == 0
    assert client.post(URL, typed(officer, otp_token=digits(officer, at))).status_code == 302


# --- guessing from many networks ------------------------------------------------------------
def guess(officer, networks):
    """A try from each of so many networks."""
    for number in range(networks):
        Client(REMOTE_ADDR=f"10.{number // 200}.{number % 200}.1").post(URL, typed(officer))


@pytest.fixture
def guessed(settings):
    """An officer whose name strangers have tried more often than all of them may."""
    settings.LIMITS = settings.LIMITS | {"officer_tries_in_all": (5, timedelta(hours=24))}
    officer = make_officer()
    guess(officer, 6)
    return officer


def test_all_networks_together_have_a_limit_and_an_alarm(guessed, client, at):
    alarm = Alarm.objects.get()
    assert alarm.kind == "officer_passwords_guessed"
    assert guessed.username not in f"{alarm.key}{alarm.detail}"
    answer = client.post(URL, typed(guessed, otp_token=digits(guessed, at)))
    assert answer.status_code == 429
    assert "Kod pemulihan masih diterima" in answer.text
    assert "_auth_user_id" not in client.session


def test_a_name_that_is_nobodys_is_limited_alike(settings, client):
    settings.LIMITS = settings.LIMITS | {"officer_tries_in_all": (5, timedelta(hours=24))}
    nobody = make_officer()
    answers = typed(nobody, username="tiada")
    for number in range(6):
        answer = Client(REMOTE_ADDR=f"10.0.{number}.1").post(URL, answers)
    assert answer.status_code == 429


def test_a_browser_that_the_officer_used_is_not_shut_out(settings, client, at, clock):
    settings.LIMITS = settings.LIMITS | {"officer_tries_in_all": (5, timedelta(hours=24))}
    officer = make_officer()
    client.post(URL, typed(officer, otp_token=digits(officer, at)))
    client.post("/staf/logout/")
    guess(officer, 6)
    clock.shift(timedelta(minutes=1))
    later = at + timedelta(minutes=1)
    assert client.post(URL, typed(officer, otp_token=digits(officer, later))).status_code == 302


def test_nor_is_whoever_has_a_recovery_code(guessed, client, at):
    code = make_recovery_codes(officer=guessed, at=at)[0]
    assert client.post(URL, typed(guessed, otp_token=code)).status_code == 302


def test_nor_an_officer_whose_own_network_strangers_share(client, at):
    officer = make_officer()
    code = make_recovery_codes(officer=officer, at=at)[0]
    for _try in range(6):
        Client().post(URL, typed(officer))
    assert Client().post(URL, typed(officer, otp_token=digits(officer, at))).status_code == 429
    assert client.post(URL, typed(officer, otp_token=code)).status_code == 302


def test_nor_in_a_new_browser_an_officer_without_codes_at_the_usual_place(
    settings, client, at, clock
):
    settings.LIMITS = settings.LIMITS | {"officer_tries_in_all": (5, timedelta(hours=24))}
    officer = make_officer()
    client.post(URL, typed(officer, otp_token=digits(officer, at)))
    clock.shift(timedelta(days=1))
    guess(officer, 6)
    later = at + timedelta(days=1)
    answers = typed(officer, otp_token=digits(officer, later))
    assert Client(REMOTE_ADDR="10.9.9.1").post(URL, answers).status_code == 429
    assert Client().post(URL, answers).status_code == 302


def test_a_place_where_another_officer_logs_in_is_not_the_usual_one(guessed, client, at):
    other = make_officer()
    assert client.post(URL, typed(other, otp_token=digits(other, at))).status_code == 302
    answers = typed(guessed, otp_token=digits(guessed, at))
    assert Client().post(URL, answers).status_code == 429


@pytest.mark.parametrize("next_", ["//jahat.example/", "tiada", "https://jahat.example/staf/"])
def test_the_log_in_leads_nowhere_else(client, at, next_):
    officer = make_officer()
    answers = typed(officer, otp_token=digits(officer, at)) | {"next": next_}
    assert client.post(URL, answers).headers["Location"] == "/staf/"


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
