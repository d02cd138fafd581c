"""What was typed into a page whose session had ended is sent once more, by whoever typed it."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.conf import settings
from django.forms import BaseForm

from registration.models import Registration
from tests.accounts.pages import know, lands
from tests.browser import Browser
from tests.factories import PASSWORD, make_user

PAGE = "/log-masuk/sambung/"
SERVICE = "/pendaftaran/jenis/"
TYPED = {"sector": "taxi", "region": "peninsular"}


def log_in(client, user):
    client.post("/log-masuk/", {"ic_number": user.ic_number})
    assert lands(client.post("/log-masuk/kata-laluan/", {"password": PASSWORD}), "/mod/")


def lose_session(client):
    """Half an hour passes, or the server forgets."""
    client.session.flush()
    del client.cookies[settings.SESSION_COOKIE_NAME]


@pytest.fixture
def aminah(client, db):
    aminah = make_user()
    know(client, aminah)
    log_in(client, aminah)
    return aminah


def send_too_late(client):
    lose_session(client)
    assert lands(client.post(SERVICE, TYPED), f"/log-masuk/?next={SERVICE}")
    client.get(f"/log-masuk/?next={SERVICE}")


def hidden(page):
    """What the page's form would send."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


def test_it_waits_behind_the_mode_page(client, aminah):
    send_too_late(client)
    assert not Registration.objects.exists()
    log_in(client, aminah)
    assert lands(client.post("/mod/", {"mode": "self_employed"}), PAGE)
    page = client.get(PAGE).text
    assert "<h1>Sambung di mana anda berhenti</h1>" in page
    assert f'action="{SERVICE}"' in page
    kept = hidden(page)
    assert {name: kept[name] for name in TYPED} == TYPED
    client.post(SERVICE, kept)
    assert Registration.objects.get(user=aminah).sector == "taxi"


def test_what_was_not_sent_yet_waits_as_well(client, aminah):
    """The open page posts it as the session ends; who was still signed in is so no more."""
    ended = f"/sesi-tamat/?next={quote(SERVICE, safe='')}"
    assert lands(client.post(f"/sesi-tamat/?next={SERVICE}", TYPED), ended)
    assert not Registration.objects.exists()
    assert "jawapan" in client.get(ended).text.lower()
    assert lands(client.get("/saya/"), "/log-masuk/?next=/saya/")
    client.get(f"/log-masuk/?next={SERVICE}")
    log_in(client, aminah)
    assert lands(client.post("/mod/", {"mode": "self_employed"}), PAGE)
    kept = hidden(client.get(PAGE).text)
    assert {name: kept[name] for name in TYPED} == TYPED


def test_a_phone_that_slept_past_the_end_may_still_leave_it(client, aminah):
    lose_session(client)
    client.post(f"/sesi-tamat/?next={SERVICE}", TYPED)
    log_in(client, aminah)
    assert lands(client.post("/mod/", {"mode": "self_employed"}), PAGE)


@pytest.mark.parametrize("meant_for", ["", "https://jahat.example/", "//jahat.example/"])
def test_it_is_not_kept_for_another_site(client, aminah, meant_for):
    client.post(f"/sesi-tamat/?next={meant_for}", TYPED)
    assert "unsent" not in client.session


def test_leaving_it_needs_the_pages_own_form(aminah):
    foreign = Browser(enforce_csrf_checks=True)
    foreign.force_login(aminah)
    assert foreign.post(f"/sesi-tamat/?next={SERVICE}", TYPED).status_code == 403
    assert foreign.get("/saya/").status_code == 200


def test_another_person_does_not_see_it(client, aminah):
    send_too_late(client)
    boon = make_user("Boon")
    know(client, boon)
    log_in(client, boon)
    assert lands(client.post("/mod/", {"mode": "self_employed"}), SERVICE)
    assert lands(client.get(PAGE), "/saya/")


def test_it_is_not_kept_for_a_browser_that_nobody_logged_in_with(client, db):
    client.post(SERVICE, TYPED)
    assert "unsent" not in client.session


def test_who_logs_out_leaves_nothing(client, aminah):
    client.post("/log-keluar/")
    client.post(SERVICE, TYPED)
    assert "unsent" not in client.session


def test_half_an_hour_later_it_is_gone(client, aminah, clock):
    send_too_late(client)
    clock.shift(timedelta(minutes=30))
    log_in(client, aminah)
    assert lands(client.post("/mod/", {"mode": "self_employed"}), SERVICE)


def test_it_is_kept_sealed(client, aminah):
    lose_session(client)
    client.post("/profil/telefon/", {"nota": "jalan melati"})
    assert "unsent" in client.session
    assert "jalan melati" not in str(dict(client.session))


def test_a_field_that_only_sounds_like_a_secret_is_kept(client, aminah):
    """ "code" is part of "postcode"."""
    lose_session(client)
    client.post("/profil/telefon/", {"postcode": "43000", "code": "123456"})
    log_in(client, aminah)
    assert hidden(client.get(PAGE).text)["postcode"] == "43000"
    assert "123456" not in client.get(PAGE).text


# --- what is secret ------------------------------------------------------------------------
SECRET_HINTS = {"current-password", "new-password", "one-time-code"}


def forms_below(kind):
    """Every form of the portal, however deep."""
    for form in kind.__subclasses__():
        yield form
        yield from forms_below(form)


def is_secret(name, field):
    """A password, a code, or the phrase that shows that this is the portal."""
    return name == "secret_phrase" or field.widget.attrs.get("autocomplete") in SECRET_HINTS


def secret_fields():
    """The names of all fields that no page may keep, of the forms that the urls have loaded."""
    return sorted(
        {
            name
            for form in forms_below(BaseForm)
            for name, field in getattr(form, "base_fields", {}).items()
            if is_secret(name, field)
        }
    )


def test_no_secret_of_any_form_is_kept(client, aminah):
    secrets = dict.fromkeys([*secret_fields(), "csrfmiddlewaretoken"], "rahsia sangat")
    assert secrets.keys() >= {"secret_phrase", "password", "old_password", "code", "token"}
    lose_session(client)
    client.post("/profil/kata-laluan/", {**secrets, "nota": "jalan melati"})
    log_in(client, aminah)
    page = client.get(PAGE).text
    assert [name for name in secrets if f'name="{name}" value="rahsia' in page] == []
    assert "rahsia sangat" not in page
    assert "jalan melati" in page


@pytest.mark.parametrize("forged", ["x", "0" * 64, ":", "x:y"])
def test_nothing_is_kept_for_an_owner_that_we_did_not_name(client, db, forged):
    """Else anybody may fill the sessions, twenty thousand letters at a time."""
    client.cookies[settings.OWNER_COOKIE_NAME] = forged
    client.post(SERVICE, TYPED)
    client.post(f"/sesi-tamat/?next={SERVICE}", TYPED)
    assert "unsent" not in client.session


def test_for_one_owner_so_much_is_kept_in_an_hour(client, aminah):
    most, _hour = settings.LIMITS["unsent_kept"]
    kept = []
    for _time in range(most + 1):
        lose_session(client)
        client.post(SERVICE, TYPED)
        kept.append("unsent" in client.session)
    assert kept == [True] * most + [False]
