"""A privacy notice in new words: asked for at the next log-in, each consent kept."""

import pytest

from accounts.models import Consent
from tests.accounts.pages import enter, errors, lands
from tests.factories import make_account, make_user

PATH = "/profil/persetujuan/"
READ = {"has_read_privacy_notice": "on"}


@pytest.fixture
def aminah(client, db, settings):
    """Agreed to the notice of November; it has changed since."""
    aminah = make_account()
    settings.PRIVACY_NOTICE_VERSION = "2027-02"
    return aminah


def test_the_first_consent_is_kept_when_the_account_is_opened(aminah, at):
    consent = Consent.objects.get(user=aminah)
    assert (consent.version, consent.language, consent.at) == ("2026-11", "ms", at)


def test_it_is_asked_for_before_the_mode(client, aminah):
    enter(client, aminah)
    assert lands(client.get("/mod/"), PATH)
    page = client.get(PATH).text
    assert "<h1>Notis privasi telah berubah</h1>" in page
    assert 'href="/notis-privasi/"' in page


def test_the_consent_is_kept_with_version_language_and_moment(client, aminah, at):
    client.force_login(aminah)
    assert lands(client.post("/en" + PATH, READ), "/en/mod/")
    consent = aminah.consents.first()
    assert aminah.consents.count() == 2
    assert (consent.version, consent.language, consent.at) == ("2027-02", "en", at)
    assert client.get("/mod/").status_code == 200


def test_pressed_twice_it_is_one_consent(client, aminah):
    client.force_login(aminah)
    for _press in range(2):
        client.post(PATH, READ)
    assert aminah.consents.filter(version="2027-02").count() == 1


def test_the_box_must_be_ticked(client, aminah):
    client.force_login(aminah)
    assert errors(client.post(PATH, {}), "has_read_privacy_notice") == [
        "Tandakan kotak untuk meneruskan"
    ]
    assert aminah.consents.count() == 1


def test_who_has_agreed_is_not_asked(client, db):
    client.force_login(make_user())
    assert client.get("/mod/").status_code == 200


def test_it_is_not_for_strangers(client, db):
    assert client.get(PATH).url.startswith("/log-masuk/")
