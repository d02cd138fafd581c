"""Another secret phrase, after the password."""

import pytest

from tests.accounts.pages import errors, lands, prove
from tests.factories import PASSWORD, make_user

PATH = "/profil/ungkapan/"


@pytest.fixture
def aminah(client, db):
    """Signed in, and proved just now."""
    aminah = make_user()
    client.force_login(aminah)
    prove(client, aminah, PATH, with_code=False)
    return aminah


def test_the_new_phrase_is_shown_at_the_next_log_in(client, aminah):
    assert lands(client.post(PATH, {"secret_phrase": " Ombak  Biru Pagi"}), "/profil/")
    client.post("/log-keluar/")
    client.post("/log-masuk/", {"ic_number": aminah.ic_number})
    assert "ombak biru pagi" in client.get("/log-masuk/kata-laluan/").text


def test_the_old_phrase_is_not_shown_here(client, aminah):
    assert aminah.secret_phrase not in client.get(PATH).text


def test_the_owner_is_told_by_mail_and_sms(client, aminah, work, mailoutbox, gateway):
    client.post(PATH, {"secret_phrase": "ombak biru pagi"})
    work()
    assert mailoutbox[-1].subject == "Ungkapan Rahsia anda telah ditukar"
    assert "Ungkapan Rahsia anda telah ditukar" in gateway.texts[-1][1]
    assert "ombak" not in mailoutbox[-1].body + gateway.texts[-1][1]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Masukkan Ungkapan Rahsia"),
        ("ombak", "Ungkapan Rahsia mesti antara 8 dan 60 aksara"),
        ("ombak 1985", "Ungkapan Rahsia mesti dua hingga empat perkataan, huruf sahaja"),
        ("aminah suka ombak", "Jangan gunakan kata laluan, nama atau nombor kad pengenalan anda"),
    ],
)
def test_each_mistake_has_its_sentence(client, aminah, typed, sentence):
    assert errors(client.post(PATH, {"secret_phrase": typed}), "secret_phrase") == [sentence]


def test_it_is_not_the_password(client, aminah):
    aminah.set_password("ombak biru pagi")
    aminah.save()
    client.force_login(aminah)
    prove_again = {"password": "ombak biru pagi"}
    client.get(PATH)
    client.post("/profil/pengesahan/", prove_again)
    assert errors(client.post(PATH, {"secret_phrase": "ombak biru pagi"}), "secret_phrase")
    assert PASSWORD not in client.get(PATH).text


def test_each_change_needs_its_own_proof(client, aminah):
    client.post(PATH, {"secret_phrase": "ombak biru pagi"})
    assert lands(client.get(PATH), "/profil/pengesahan/")


def test_it_is_not_for_strangers(client, db):
    assert client.get(PATH).url.startswith("/log-masuk/")
