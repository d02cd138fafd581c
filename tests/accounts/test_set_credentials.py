"""Step 7: phrase and password."""

import pytest
from django.conf import settings

from accounts.models import KnownDevice, User
from foundation.audit import AuditEvent
from tests.accounts.pages import CREDENTIALS, errors, lands, open_link
from tests.browser import Browser
from tests.factories import (
    PASSWORD,
    PHRASE,
    make_account,
    make_sign_up,
    make_user,
    prove_phone,
)

PATH = "/akaun/lengkapkan/"


@pytest.fixture
def boon(client, db):
    sign_up = make_sign_up("Boon bin Chandran", ic_number="900315105012")
    prove_phone(sign_up)
    assert open_link(client, sign_up) == PATH
    return sign_up


def test_it_asks_for_phrase_and_password(client, boon, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        page = client.get(PATH).text
    assert "<h1>Lengkapkan akaun anda</h1>" in page
    for label in ("Ungkapan Rahsia", "Kata Laluan", "Pengesahan Kata Laluan"):
        assert f">{label}</label>" in page
    assert page.index("Ungkapan Rahsia</label>") < page.index(">Kata Laluan</label>")
    assert ">Seterusnya</button>" in page
    assert page.count('autocomplete="new-password"') == 2
    assert 'value="900315105012"' in page  # for the password manager
    assert "••••••-••-5012" in page


def test_it_opens_the_account(client, boon, at):
    assert lands(client.post(PATH, CREDENTIALS), "/log-masuk/")
    boon.refresh_from_db()
    assert boon.opened_at == at
    assert boon.is_active
    assert boon.check_password(PASSWORD)
    assert boon.secret_phrase == PHRASE
    assert boon.links.get().used_at == at
    assert AuditEvent.objects.get().action == "account_opened"


def test_it_says_so_on_the_log_in_page(client, boon):
    page = client.post(PATH, CREDENTIALS, follow=True)
    assert "Akaun anda sudah aktif. Log masuk untuk meneruskan" in page.text


def test_it_makes_the_browser_a_known_device(client, boon, at):
    cookie = client.post(PATH, CREDENTIALS).cookies[settings.DEVICE_COOKIE_NAME]
    devices = KnownDevice.objects.good(at).with_secret(cookie.value)
    assert devices.get().user == boon
    assert boon.known_devices.count() == 2  # the phone's browser stays one


def test_who_was_signed_in_here_is_signed_out(client, boon):
    client.force_login(make_user())
    open_link(client, boon)
    client.post(PATH, CREDENTIALS)
    assert "_auth_user_id" not in client.session


def test_the_phrase_is_kept_in_lower_case(client, boon):
    client.post(PATH, CREDENTIALS | {"secret_phrase": "  Durian  Hujan Petang "})
    boon.refresh_from_db()
    assert boon.secret_phrase == PHRASE


TELLING = "Jangan gunakan kata laluan, nama atau nombor kad pengenalan anda"
WORDS = "Ungkapan Rahsia mesti dua hingga empat perkataan, huruf sahaja"
LENGTH = "Ungkapan Rahsia mesti antara 8 dan 60 aksara"
PERSONAL = "Kata Laluan tidak boleh mengandungi nama atau nombor kad pengenalan anda"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Masukkan Ungkapan Rahsia"),
        ("api air", LENGTH),
        ("durian " * 9, LENGTH),
        ("durianhujan", WORDS),
        ("satu dua tiga empat lima", WORDS),
        ("durian 1234", WORDS),
        ("kereta chandran", TELLING),
        ("900315-10-5012", TELLING),
        ("kereta merah", TELLING),  # the beginning of the password
    ],
)
def test_each_mistake_in_the_phrase_has_its_sentence(client, boon, typed, sentence):
    response = client.post(PATH, CREDENTIALS | {"secret_phrase": typed})
    assert errors(response, "secret_phrase") == [sentence]
    assert list(response.context["form"].errors) == ["secret_phrase"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Masukkan Kata Laluan"),
        ("sembilan9", "Kata Laluan mesti sekurang-kurangnya 10 aksara"),
        ("1234567890", "Kata Laluan ini terlalu biasa digunakan"),
        ("perkeso-saya-2026", "Kata Laluan ini terlalu biasa digunakan"),
        ("kereta-chandran-9", PERSONAL),
        ("kata 900315-10-5012", PERSONAL),
        ("a" * 129, "Kata Laluan mesti tidak melebihi 128 aksara"),
    ],
)
def test_each_mistake_in_the_password_has_its_sentence(client, boon, typed, sentence):
    data = CREDENTIALS | {"password": typed, "password_confirmation": typed or "x"}
    assert errors(client.post(PATH, data), "password") == [sentence]
    assert not User.objects.opened().exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Taip Kata Laluan sekali lagi"),
        (PASSWORD.upper(), "Kedua-dua kata laluan mesti sama"),
        (PASSWORD + " ", "Kedua-dua kata laluan mesti sama"),
    ],
)
def test_the_two_passwords_must_match(client, boon, typed, sentence):
    response = client.post(PATH, CREDENTIALS | {"password_confirmation": typed})
    assert errors(response, "password_confirmation") == [sentence]


def test_passwords_are_never_shown_again_but_the_phrase_is_kept(client, boon):
    page = client.post(PATH, CREDENTIALS | {"password_confirmation": "x"}).text
    assert PASSWORD not in page
    assert PHRASE in page


def test_a_failed_form_leaves_the_link_good(client, boon, at):
    client.post(PATH, CREDENTIALS | {"password": "x"})
    assert boon.links.get().why_closed(at) == ""


def test_a_second_post_finds_the_link_used(client, boon):
    other = Browser()
    open_link(other, boon)
    open_link(client, boon)  # the same row: the token is made anew, as by a second mail
    assert lands(client.post(PATH, CREDENTIALS), "/log-masuk/")
    assert "Pautan ini sudah digunakan." in other.post(PATH, CREDENTIALS).text
    boon.refresh_from_db()
    assert boon.secret_phrase == PHRASE


def test_the_first_to_open_an_ic_number_has_it(client, boon):
    make_account("Orang Lain", ic_number="900315105012")
    response = client.post(PATH, CREDENTIALS)
    assert response.status_code == 200
    assert "<h1>Akaun ini sudah dibuka</h1>" in response.text
    boon.refresh_from_db()
    assert not boon.is_opened
    assert boon.links.get().used_at is None


def test_a_lost_session_has_an_honest_page(client, db):
    assert "Kami tidak mengenali pautan ini." in client.get(PATH).text
