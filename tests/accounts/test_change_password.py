"""Another password: the one that holds now is asked for, every other session ends."""

import pytest

from tests.accounts.pages import errors, lands
from tests.browser import Browser
from tests.factories import PASSWORD, PHRASE, make_user

PATH = "/profil/kata-laluan/"
FRESH = "sungai jernih di bawah jambatan"
TYPED = {"old_password": PASSWORD, "password": FRESH, "password_confirmation": FRESH}


@pytest.fixture
def aminah(client, db):
    aminah = make_user()
    client.force_login(aminah)
    return aminah


def test_it_asks_for_the_old_one_and_twice_for_the_new(
    client, aminah, django_assert_max_num_queries
):
    with django_assert_max_num_queries(1 + 4):  # the session's, and the page's
        page = client.get(PATH).text
    assert page.index(">Kata Laluan sekarang</label>") < page.index(">Kata Laluan</label>")
    assert ">Pengesahan Kata Laluan</label>" in page


def test_every_session_but_this_one_ends(client, aminah):
    elsewhere = Browser()
    elsewhere.force_login(aminah)
    assert lands(client.post(PATH, TYPED), "/profil/")
    aminah.refresh_from_db()
    assert aminah.check_password(FRESH)
    assert client.get("/profil/").status_code == 200
    assert elsewhere.get("/profil/").status_code == 302


def test_the_owner_is_told_by_mail_and_sms(client, aminah, work, mailoutbox, gateway):
    client.post(PATH, TYPED)
    work()
    assert mailoutbox[-1].subject == "Kata Laluan anda telah ditukar"
    assert "Kata laluan anda telah ditukar" in gateway.texts[-1][1]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"old_password": ""}, "old_password", "Masukkan Kata Laluan sekarang"),
        ({"old_password": "salah"}, "old_password", "Kata Laluan tidak betul"),
        ({"password": "pendek"}, "password", "Kata Laluan mesti sekurang-kurangnya 10 aksara"),
        (
            {"password": f"{PHRASE} 2026"},
            "password",
            "Kata Laluan tidak boleh mengandungi Ungkapan Rahsia anda",
        ),
        (
            {"password_confirmation": "lain"},
            "password_confirmation",
            "Kedua-dua kata laluan mesti sama",
        ),
    ],
)
def test_each_mistake_has_its_sentence(client, aminah, changes, field, sentence):
    assert errors(client.post(PATH, TYPED | changes), field) == [sentence]
    aminah.refresh_from_db()
    assert aminah.check_password(PASSWORD)


def test_five_wrong_passwords_then_wait(client, aminah):
    for _try in range(5):
        client.post(PATH, TYPED | {"old_password": "salah"})
    assert errors(client.post(PATH, TYPED), "old_password") == [
        "Terlalu banyak cubaan. Cuba lagi selepas 1 minit"
    ]


def test_it_is_not_for_strangers(client, db):
    assert client.get(PATH).url.startswith("/log-masuk/")
