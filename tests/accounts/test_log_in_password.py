"""Step 9: the phrase shown back, and the password."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import hashers

from accounts.models import Code
from foundation.models import Alarm, AuditEvent
from tests.accounts.pages import errors, know, lands, without_one_time_values
from tests.browser import Browser
from tests.factories import PASSWORD, PHRASE, make_account, make_code, make_sign_up
from tests.statements import asked

PATH = "/log-masuk/kata-laluan/"
WRONG = ["Nombor kad pengenalan atau Kata Laluan tidak betul"]
STRANGER = "900315105012"
UNOPENED = "900315105014"


@pytest.fixture
def aminah(db):
    return make_account(ic_number="850101145523")


def type_ic_number(client, ic_number="850101145523"):
    client.post("/log-masuk/", {"ic_number": ic_number})


def test_it_shows_the_phrase(client, aminah, django_assert_max_num_queries):
    type_ic_number(client)
    with django_assert_max_num_queries(6):
        page = client.get(PATH).text
    assert "<h1>Pastikan Ungkapan Rahsia anda betul</h1>" in page
    assert f">{PHRASE}</p>" in page
    assert "Jika ini bukan ungkapan anda, jangan masukkan Kata Laluan." in page
    assert "Ungkapan ini bukan bukti." in page
    assert ">Kata Laluan</label>" in page
    assert ">Log Masuk</button>" in page
    assert 'href="/lupa-kata-laluan/">Lupa Kata Laluan?</a>' in page
    assert ">Ini bukan ungkapan saya</a>" in page
    assert 'value="850101145523" autocomplete="username" hidden' in page
    assert 'autocomplete="current-password"' in page


def test_a_known_device_goes_straight_on(client, aminah, at):
    know(client, aminah)
    type_ic_number(client)
    assert lands(client.post(PATH, {"password": PASSWORD}), "/mod/")
    assert client.session["_auth_user_id"] == str(aminah.pk)
    assert client.session["signed_in_at"] == int(at.timestamp())
    assert "log_in_ic" not in client.session
    aminah.refresh_from_db()
    assert aminah.last_login == at


def test_an_unknown_device_is_asked_for_a_code(client, aminah):
    type_ic_number(client)
    assert lands(client.post(PATH, {"password": PASSWORD}), "/log-masuk/otp/")
    assert "_auth_user_id" not in client.session
    assert Code.objects.get(purpose="log_in").device.user == aminah


def test_a_device_is_known_for_thirty_days(client, aminah, clock):
    know(client, aminah)
    clock.shift(timedelta(days=30))
    type_ic_number(client)
    assert lands(client.post(PATH, {"password": PASSWORD}), "/log-masuk/otp/")


def test_anothers_known_device_is_unknown(client, aminah):
    know(client, make_account("Orang Lain"))
    type_ic_number(client)
    assert lands(client.post(PATH, {"password": PASSWORD}), "/log-masuk/otp/")


def test_a_password_sent_twice_asks_for_one_code(client, aminah):
    type_ic_number(client)
    for _press in range(2):
        assert lands(client.post(PATH, {"password": PASSWORD}), "/log-masuk/otp/")
    assert Code.objects.filter(purpose="log_in").count() == 1


def test_logging_in_changes_the_session_key(client, aminah):
    know(client, aminah)
    type_ic_number(client)
    before = client.session.session_key
    client.post(PATH, {"password": PASSWORD})
    assert client.session.session_key != before


def test_the_session_is_written_once(client, aminah):
    """And never under two keys: Django's own way writes it twice."""
    know(client, aminah)
    type_ic_number(client)
    statements = asked(lambda: client.post(PATH, {"password": PASSWORD}))
    written = [one for one in statements if one.endswith(" accounts_session")]
    assert written == [
        "SELECT accounts_session",  # whose browser is it?
        "DELETE accounts_session",  # the old key opens nothing
        "SELECT accounts_session",  # is the new one free?
        "INSERT accounts_session",
    ]
    assert statements.count("SELECT accounts_knowndevice") == 1


def test_where_he_wanted_to_go_is_kept_for_after_the_mode_page(client, aminah):
    know(client, aminah)
    client.get("/log-masuk/", {"next": "/caruman/"})
    type_ic_number(client)
    assert lands(client.post(PATH, {"password": PASSWORD}), "/mod/")
    assert client.session["next"] == "/caruman/"


def test_each_mistake_has_its_sentence(client, aminah):
    type_ic_number(client)
    assert errors(client.post(PATH, {"password": ""}), "password") == ["Masukkan Kata Laluan"]
    assert errors(client.post(PATH, {"password": "salah"}), "password") == WRONG
    assert errors(client.post(PATH, {"password": PASSWORD + " "}), "password") == WRONG
    assert PHRASE in client.post(PATH, {"password": "salah"}).text


def test_a_deactivated_account_gives_the_same_answer(client, aminah):
    aminah.is_active = False
    aminah.save()
    type_ic_number(client)
    assert errors(client.post(PATH, {"password": PASSWORD}), "password") == WRONG


@pytest.mark.parametrize("ic_number", ["850101145523", STRANGER])
def test_after_five_tries_everybody_waits_longer_each_time_known_or_not(
    patient, client, aminah, clock, ic_number
):
    type_ic_number(client, ic_number)
    for _try in range(5):
        assert errors(client.post(PATH, {"password": "salah"}), "password") == WRONG
    for minutes in (1, 2, 4, 8, 15, 15):
        refused = client.post(PATH, {"password": PASSWORD})
        too_many = [f"Terlalu banyak cubaan. Cuba lagi selepas {minutes} minit"]
        assert errors(refused, "password") == too_many
        assert 'href="/lupa-kata-laluan/">Buktikan telefon anda</a>' in refused.text
        clock.shift(timedelta(minutes=minutes))
        assert errors(client.post(PATH, {"password": "salah"}), "password") == WRONG


def test_a_quiet_day_ends_the_waits(client, aminah, clock):
    for _try in range(6):
        type_ic_number(client)
        client.post(PATH, {"password": "salah"})
    clock.shift(timedelta(days=1))
    type_ic_number(client)
    assert lands(client.post(PATH, {"password": PASSWORD}), "/log-masuk/otp/")


def test_a_strangers_waits_are_his_networks(client, aminah):
    stranger = Browser(REMOTE_ADDR="203.0.113.9")
    type_ic_number(stranger)
    for _try in range(6):
        refused = stranger.post(PATH, {"password": "salah"})
    assert "Terlalu banyak cubaan" in refused.text
    type_ic_number(client)
    assert lands(client.post(PATH, {"password": PASSWORD}), "/log-masuk/otp/")


def test_all_strangers_together_have_so_many_tries(client, aminah, settings):
    settings.LIMITS = settings.LIMITS | {"password_tries_in_all": (3, timedelta(hours=24))}
    for sender in ("198.51.100.1", "192.0.2.1", "203.0.113.1", "10.0.0.1"):
        stranger = Browser(REMOTE_ADDR=sender)
        type_ic_number(stranger)
        answer = stranger.post(PATH, {"password": "salah"})
    assert "Terlalu banyak cubaan. Cuba lagi selepas 1440 minit" in answer.text
    know(client, aminah)
    type_ic_number(client)
    assert lands(client.post(PATH, {"password": PASSWORD}), "/mod/")


def test_a_stranger_cannot_lock_out_a_known_device(client, aminah):
    stranger = Browser()
    type_ic_number(stranger)
    for _try in range(6):
        stranger.post(PATH, {"password": "salah"})
    know(client, aminah)
    type_ic_number(client)
    assert lands(client.post(PATH, {"password": PASSWORD}), "/mod/")


def test_a_known_device_may_not_guess_for_ever(client, aminah):
    know(client, aminah)
    type_ic_number(client)
    for _try in range(5):
        client.post(PATH, {"password": "salah"})
    assert "Terlalu banyak cubaan" in client.post(PATH, {"password": PASSWORD}).text


def test_a_right_password_forgets_the_wrong_ones(client, aminah):
    know(client, aminah)
    for _round in range(2):
        type_ic_number(client)
        for _try in range(4):
            client.post(PATH, {"password": "salah"})
        assert lands(client.post(PATH, {"password": PASSWORD}), "/mod/")
        client.post("/log-keluar/")


def test_without_an_ic_number_it_begins_again(client, db):
    for response in (client.get(PATH), client.post(PATH, {"password": PASSWORD})):
        assert lands(response, "/log-masuk/")
    assert "Sesi log masuk telah tamat" in client.get("/log-masuk/").text


# --- what the audit trail keeps ------------------------------------------------------------
def refused():
    return AuditEvent.objects.filter(action="log_in_refused")


def test_a_refused_log_in_is_an_event_once_an_hour(patient, client, aminah, clock):
    type_ic_number(client)
    for _try in range(7):
        client.post(PATH, {"password": "salah"})
    event = refused().get()
    assert (event.subject_id, event.by, event.network) == (str(aminah.pk), None, "127.0.0.0/24")
    clock.shift(timedelta(hours=1))
    client.post(PATH, {"password": "salah"})
    assert refused().count() == 2


@pytest.mark.parametrize("ic_number", [STRANGER, UNOPENED])
def test_one_without_an_account_is_nobodys(client, aminah, ic_number):
    make_sign_up(ic_number=UNOPENED)
    type_ic_number(client, ic_number)
    client.post(PATH, {"password": "salah"})
    event = refused().get()
    assert (event.subject_id, event.detail) == ("", {})


def test_a_list_of_ic_numbers_does_not_fill_the_trail(client, aminah, settings):
    settings.LIMITS = settings.LIMITS | {"refusals_noted_in_all": (2, timedelta(hours=1))}
    for place in range(4):
        type_ic_number(client, f"90031510{place:04d}")
        client.post(PATH, {"password": "salah"})
    assert refused().count() == 2
    assert Alarm.objects.get().kind == "log_ins_refused"


# --- nobody learns who has an account ------------------------------------------------------
def phrase_of(client, ic_number):
    type_ic_number(client, ic_number)
    return client.get(PATH).context["phrase"]


def test_an_unknown_ic_number_has_a_steady_phrase_of_its_own(client, aminah):
    decoy = phrase_of(client, STRANGER)
    assert decoy == phrase_of(Browser(), STRANGER)
    assert decoy != phrase_of(client, "900315105014")
    assert decoy != PHRASE
    assert 2 <= len(decoy.split()) <= 4


def test_a_sign_up_that_is_not_opened_shows_the_decoy_too(client, db):
    before = phrase_of(client, STRANGER)
    make_sign_up(ic_number=STRANGER)
    assert phrase_of(client, STRANGER) == before


def queries_of(client, ic_number, password, captured):
    type_ic_number(client, ic_number)
    with captured() as looking:
        client.get(PATH)
    with captured() as trying:
        client.post(PATH, {"password": password})
    return [_shape(query["sql"]) for query in (*looking.captured_queries, *trying.captured_queries)]


def _shape(sql):
    """The statement's verb and tables: values differ from person to person."""
    return re.findall(r'^\w+|"(?:accounts|perkeso)_\w+"', sql)


def test_known_unknown_and_unopened_cost_the_same(aminah, django_assert_max_num_queries):
    make_sign_up(ic_number="900315105014")
    captured = django_assert_max_num_queries
    queries_of(Browser(), "770305021234", "salah", lambda: captured(99))  # the hour is new once
    shapes = [
        queries_of(Browser(), ic_number, "salah", lambda: captured(99))
        for ic_number in ("850101145523", STRANGER, "900315105014")
    ]
    assert shapes[0] == shapes[1] == shapes[2]


@pytest.mark.parametrize("ic_number", ["850101145523", STRANGER, UNOPENED])
def test_every_try_costs_one_hash_and_the_same_queries_refused_or_not(
    client, aminah, monkeypatch, ic_number, django_assert_max_num_queries
):
    make_sign_up(ic_number=UNOPENED)
    hashed = []
    hasher = hashers.get_hasher()
    encode = type(hasher).encode
    monkeypatch.setattr(type(hasher), "encode", lambda *a, **k: hashed.append(1) or encode(*a, **k))
    type_ic_number(client, ic_number)
    shapes = []
    for _try in range(7):
        with django_assert_max_num_queries(99) as trying:
            client.post(PATH, {"password": "salah"})
        shapes.append([_shape(query["sql"]) for query in trying.captured_queries])
    assert len(hashed) == 7
    assert shapes[1] == shapes[4] == shapes[5] == shapes[6]  # the sixth is refused


def test_the_pages_differ_in_the_phrase_only(aminah):
    def page(ic_number):
        client = Browser()
        type_ic_number(client, ic_number)
        answer = client.post(PATH, {"password": "salah"})
        text = without_one_time_values(answer)
        return text.replace(answer.context["phrase"], "").replace(ic_number, "")

    assert page("850101145523") == page(STRANGER)


def test_a_code_for_logging_in_is_only_good_for_that(client, aminah):
    type_ic_number(client)
    client.post(PATH, {"password": PASSWORD})
    digits = make_code(aminah, "log_in")
    attempt = Code.objects.get(purpose="log_in").attempt
    assert not aminah.phone_device.verify_token(
        digits, purpose="reset", attempt=attempt, at=aminah.created_at
    )
