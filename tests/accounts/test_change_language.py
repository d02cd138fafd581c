"""The saved language: of mails, SMS and receipts."""

import pytest

from tests.accounts.pages import errors, lands
from tests.factories import make_receipt, make_registration, make_user

PATH = "/profil/bahasa/"


@pytest.fixture
def aminah(client, db):
    aminah = make_user()
    client.force_login(aminah)
    return aminah


def test_the_present_one_is_ticked(client, aminah, django_assert_max_num_queries):
    with django_assert_max_num_queries(1 + 4):  # the session's, and the page's
        page = client.get(PATH).text
    assert 'value="ms" id="id_language_0" checked' in page


def test_it_is_saved_and_the_profile_is_shown_in_it(client, aminah):
    response = client.post(PATH, {"language": "en"})
    assert lands(response, "/en/profil/")
    assert "Your language has been saved" in client.get("/en/profil/").text
    assert lands(client.post("/en" + PATH, {"language": "ms"}), "/profil/")


def test_mails_texts_and_receipts_follow(client, aminah, work, mailoutbox, gateway):
    client.post(PATH, {"language": "en"})
    aminah.refresh_from_db()
    receipt = make_receipt(make_registration(aminah, "submitted"))
    assert receipt.language == "en"
    client.post("/profil/pengesahan/", {})
    session = client.session
    session["proof"] = {"password_at": 9e9, "attempt": ""}
    session.save()
    client.post("/profil/ungkapan/", {"secret_phrase": "ombak biru pagi"})
    work()
    assert "Your Secret Phrase was changed" in [mail.subject for mail in mailoutbox]
    assert any("Your Secret Phrase was changed" in text for _to, text in gateway.texts)


@pytest.mark.parametrize("typed", ["", "fr"])
def test_each_mistake_has_its_sentence(client, aminah, typed):
    assert errors(client.post(PATH, {"language": typed}), "language") == ["Pilih bahasa"]


def test_it_is_not_for_strangers(client, db):
    assert client.get(PATH).url.startswith("/log-masuk/")
