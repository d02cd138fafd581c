"""Fresh proof: the password again, and the code, before a change."""

import re
from datetime import timedelta

import pytest

from accounts.models import Code
from foundation.audit import AuditEvent
from tests.accounts.pages import errors, lands, prove
from tests.factories import PASSWORD, make_code, make_user

PATH = "/profil/pengesahan/"
CODE = "/profil/pengesahan/otp/"
AGAIN = "/profil/pengesahan/otp/hantar-semula/"
BY_MAIL = "/profil/pengesahan/otp/e-mel/"
PHRASE_PAGE = "/profil/ungkapan/"
PHONE_PAGE = "/profil/telefon/"


@pytest.fixture
def aminah(client, db):
    aminah = make_user()
    client.force_login(aminah)
    return aminah


@pytest.fixture
def half_way(client, aminah):
    """Aminah typed her password and waits for the code."""
    client.get(PHONE_PAGE)
    assert lands(client.post(PATH, {"password": PASSWORD}), CODE)
    return aminah


def test_it_asks_for_the_password_and_leads_back(client, aminah):
    prove(client, aminah, PHRASE_PAGE, with_code=False)
    assert client.get(PHRASE_PAGE).status_code == 200


def test_the_language_is_kept_on_the_way(client, aminah):
    assert lands(client.get("/en/profil/ungkapan/"), "/en/profil/pengesahan/")
    response = client.post("/en/profil/pengesahan/", {"password": PASSWORD})
    assert lands(response, "/en/profil/ungkapan/")


def test_a_password_alone_does_not_lead_to_what_needs_a_code(client, half_way):
    assert lands(client.get(PHONE_PAGE), PATH)


def test_a_proof_holds_for_ten_minutes(client, aminah, clock):
    prove(client, aminah, PHONE_PAGE)
    clock.shift(timedelta(minutes=9, seconds=59))
    assert client.get(PHONE_PAGE).status_code == 200
    clock.shift(timedelta(seconds=1))
    assert lands(client.get(PHONE_PAGE), PATH)


def test_the_session_has_another_key_afterwards(client, aminah):
    before = client.session.session_key
    prove(client, aminah, PHRASE_PAGE, with_code=False)
    assert client.session.session_key != before


@pytest.mark.parametrize(
    ("typed", "sentence"), [("", "Masukkan Kata Laluan"), ("salah", "Kata Laluan tidak betul")]
)
def test_each_mistake_has_its_sentence(client, aminah, typed, sentence):
    client.get(PHRASE_PAGE)
    assert errors(client.post(PATH, {"password": typed}), "password") == [sentence]


def test_a_wrong_password_is_an_event(client, aminah):
    client.get(PHRASE_PAGE)
    client.post(PATH, {"password": "salah"})
    assert AuditEvent.objects.get(action="own_password_refused").by == aminah


def test_five_wrong_passwords_then_wait(client, aminah):
    client.get(PHRASE_PAGE)
    for _try in range(5):
        client.post(PATH, {"password": "salah"})
    page = client.post(PATH, {"password": PASSWORD}).text
    assert "Terlalu banyak cubaan. Cuba lagi selepas 1 minit" in page


def test_a_wrong_code_has_its_sentence(client, half_way):
    assert errors(client.post(CODE, {"code": "000000"}), "code") == [
        "Kod OTP tidak betul. Semak SMS terkini dan cuba lagi"
    ]


def test_a_code_of_a_log_in_proves_nothing_here(client, half_way):
    Code.objects.update(purpose="log_in")
    digits = make_code(half_way, "log_in")
    assert client.post(CODE, {"code": digits}).status_code == 200


def test_another_code_after_a_minute(client, half_way, clock):
    assert "Tunggu <span>60</span> saat" in client.post(AGAIN).text
    clock.shift(timedelta(minutes=1))
    assert lands(client.post(AGAIN), CODE)
    assert Code.objects.filter(purpose="proof").count() == 2


def test_who_has_no_phone_any_more_proves_himself_by_mail(
    client, half_way, clock, work, mailoutbox
):
    assert "Hantar kod melalui e-mel" not in client.get(AGAIN).text
    clock.shift(timedelta(minutes=1))
    client.post(AGAIN)
    assert "Hantar kod melalui e-mel" in client.get(AGAIN).text
    assert lands(client.post(BY_MAIL), CODE)
    assert "ke e-mel p••@contoh.com" in client.get(CODE).text
    work()
    code = re.search(r"\b\d{6}\b", mailoutbox[-1].body)[0]
    assert lands(client.post(CODE, {"code": code}), PHONE_PAGE)


def test_a_mailed_code_is_not_given_before_it_is_offered(client, half_way):
    client.post(BY_MAIL)
    assert not Code.objects.filter(channel="email").exists()


@pytest.mark.parametrize("path", [CODE, AGAIN])
def test_out_of_turn_it_begins_again(client, aminah, path):
    assert lands(client.get(path), PATH)


def test_without_a_page_that_asks_it_leads_to_the_profile(client, aminah):
    assert lands(client.get(PATH), "/profil/")


@pytest.mark.parametrize("path", [PATH, CODE, AGAIN])
def test_it_is_not_for_strangers(client, db, path):
    assert client.get(path).url.startswith("/log-masuk/")


@pytest.mark.parametrize("path", [CODE, AGAIN])
def test_its_queries_are_few(client, half_way, path, django_assert_max_num_queries):
    client.get(path)
    with django_assert_max_num_queries(6):
        client.get(path)
