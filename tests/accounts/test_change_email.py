"""Another e-mail address: its link is opened before it replaces the old one."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import ContactChange, EmailLink
from foundation.outbox import OutboxRow
from tests.accounts.pages import enter, errors, lands, open_link, prove
from tests.browser import Browser
from tests.factories import make_user

PATH = "/profil/e-mel/"
CONFIRM = "/akaun/e-mel/sahkan/"
NEW = "aminah.baharu@contoh.com"


@pytest.fixture
def aminah(client, db):
    """Signed in, and proved just now."""
    aminah = make_user(email="aminah@contoh.com", language="en")
    client.force_login(aminah)
    prove(client, aminah, PATH)
    OutboxRow.objects.all().delete()
    return aminah


@pytest.fixture
def asked(client, aminah):
    """She typed the new address."""
    assert lands(client.post(PATH, {"email": NEW}), "/profil/")
    return aminah


def test_it_shows_the_address_that_holds(client, aminah):
    assert "a••@contoh.com" in client.get(PATH).text


def test_the_link_goes_to_the_new_address_in_the_saved_language(asked, work, mailoutbox, client):
    work()
    ((mail),) = mailoutbox
    assert (mail.to, mail.subject) == ([NEW], "Confirm your new e-mail address")
    path = re.search(r"http://127.0.0.1:8000(/en/akaun/e-mel/pautan/\S+/)", mail.body)[1]
    assert lands(client.get(path), "/en" + CONFIRM, 303)


def test_the_old_address_holds_until_the_link_is_used(client, asked):
    assert "a••@contoh.com menunggu pengesahan" in client.get("/profil/").text
    open_link(client, asked, "new_email")
    assert client.get(CONFIRM).status_code == 200
    asked.refresh_from_db()
    assert asked.email == "aminah@contoh.com"


def test_the_press_puts_the_new_address_in_place(client, asked, at):
    assert open_link(client, asked, "new_email") == CONFIRM
    assert lands(client.post(CONFIRM), "/profil/")
    asked.refresh_from_db()
    assert asked.email == NEW
    assert ContactChange.objects.get().old_email == "aminah@contoh.com"
    assert "menunggu pengesahan" not in client.get("/profil/").text


def test_another_device_may_open_it(asked):
    phone = Browser()
    open_link(phone, asked, "new_email")
    assert lands(phone.post(CONFIRM), "/")
    asked.refresh_from_db()
    assert asked.email == NEW


def test_other_sessions_end_but_the_one_that_asked_goes_on(client, db, at):
    """She asks on one phone and reads her mail on another."""
    aminah = make_user()
    enter(client, aminah)
    prove(client, aminah, PATH)
    client.post(PATH, {"email": NEW})
    reading, elsewhere = Browser(), Browser()
    reading.force_login(aminah)
    elsewhere.force_login(aminah)
    open_link(reading, aminah, "new_email", at=timezone.now())
    assert "Semua peranti lain akan dilog keluar." in reading.get(CONFIRM).text
    assert lands(reading.post(CONFIRM), "/profil/")
    told = "Alamat e-mel anda telah ditukar. Peranti lain telah dilog keluar"
    assert told in reading.get("/profil/").text
    assert client.get("/profil/").status_code == 200
    assert lands(elsewhere.get("/profil/"), "/log-masuk/?next=/profil/")


def test_old_and_new_address_and_the_phone_are_told(client, asked, work, mailoutbox, gateway):
    open_link(client, asked, "new_email")
    OutboxRow.objects.all().delete()
    client.post(CONFIRM)
    work()
    told = {mail.to[0]: mail for mail in mailoutbox}
    assert set(told) == {NEW, "aminah@contoh.com"}
    assert "/akaun/batal/pautan/" in told["aminah@contoh.com"].body
    assert "/akaun/batal/" not in told[NEW].body
    assert [to for to, _text in gateway.texts] == [asked.phone.removeprefix("+")]


def test_a_newer_request_puts_the_older_link_out_of_use(client, asked, at):
    prove(client, asked, PATH)
    client.post(PATH, {"email": "lain@contoh.com"})
    older, newer = EmailLink.objects.filter(purpose="new_email").order_by("pk")
    assert (older.why_closed(at), newer.superseded_at) == ("superseded", None)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Masukkan alamat e-mel"),
        ("aminah", "Masukkan alamat e-mel dalam format yang betul, contohnya nama@contoh.com"),
        ("aminah@contoh.com", "Ini sama seperti yang ada sekarang"),
    ],
)
def test_each_mistake_has_its_sentence(client, aminah, typed, sentence):
    assert errors(client.post(PATH, {"email": typed}), "email") == [sentence]


def test_a_link_works_once(client, asked):
    open_link(client, asked, "new_email")
    client.post(CONFIRM)
    assert "Pautan ini sudah digunakan." in client.post(CONFIRM).text


def test_a_late_link_is_not_replaced_but_asked_for_anew(patient, client, asked, clock):
    open_link(client, asked, "new_email")
    clock.shift(timedelta(hours=24))
    page = client.get(CONFIRM).text
    assert "Mulakan semula dari Profil anda" in page
    client.post("/akaun/pautan-baharu/")
    assert EmailLink.objects.filter(purpose="new_email").count() == 1


def test_without_a_link_there_is_an_honest_page(client, db):
    assert "Kami tidak mengenali pautan ini." in client.get(CONFIRM).text


def test_it_is_not_for_strangers(client, db):
    assert client.get(PATH).url.startswith("/log-masuk/")


@pytest.mark.parametrize("path", [PATH, CONFIRM])
def test_its_queries_are_few(client, asked, path, django_assert_max_num_queries):
    open_link(client, asked, "new_email")
    with django_assert_max_num_queries(6):
        client.get(path)
