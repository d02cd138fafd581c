"""Step 6: opening the mailed link changes nothing but where the browser stands."""

from datetime import timedelta

import pytest

from accounts.models import EmailLink
from tests.accounts.pages import CREDENTIALS, lands
from tests.factories import make_account, make_sign_up, make_token, prove_phone

CLEAN = "/akaun/lengkapkan/"


@pytest.fixture
def boon(db):
    sign_up = make_sign_up("Boon bin Chandran")
    prove_phone(sign_up)
    return sign_up


@pytest.mark.parametrize("method", ["get", "head"])
def test_it_leads_to_an_address_without_the_token(client, boon, method):
    token = make_token(boon)
    response = getattr(client, method)(f"/akaun/aktif/{token}/")
    assert lands(response, CLEAN, 303)
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response.headers["Cache-Control"]
    assert token not in str(dict(client.session))


def test_scanners_that_open_it_use_nothing_up(client, boon, at):
    token = make_token(boon)
    before = EmailLink.objects.values().get()
    for method in ("head", "get", "get"):
        getattr(client, method)(f"/akaun/aktif/{token}/")
        getattr(client, method)(CLEAN)
    assert EmailLink.objects.values().get() == before
    assert lands(client.post(CLEAN, CREDENTIALS), "/log-masuk/")


def test_a_post_is_refused(client, boon):
    assert client.post(f"/akaun/aktif/{make_token(boon)}/").status_code == 405


def closed_page(client, token):
    """Where the link ends."""
    client.get(f"/akaun/aktif/{token}/")
    page = client.get(CLEAN)
    assert page.status_code == 200
    assert "<h1>Pautan ini tidak lagi sah</h1>" in page.text
    return page.text


def test_an_expired_link_offers_a_new_one(client, boon, clock):
    token = make_token(boon)
    clock.shift(timedelta(hours=24))
    page = closed_page(client, token)
    assert "Pautan ini telah tamat tempoh. Pautan sah selama 24 jam." in page
    assert ">Hantar pautan baharu</button>" in page
    assert "Pautan ini tidak lagi sah" in client.post(CLEAN, CREDENTIALS).text


def test_a_link_is_good_until_its_last_second(client, boon, clock):
    token = make_token(boon)
    clock.shift(timedelta(hours=23, minutes=59, seconds=59))
    client.get(f"/akaun/aktif/{token}/")
    assert lands(client.post(CLEAN, CREDENTIALS), "/log-masuk/")


def test_a_newer_link_supersedes_it(client, boon, at):
    token = make_token(boon)
    boon.links.create(purpose="activate", requested_at=at)
    assert lands(client.get(f"/akaun/aktif/{token}/"), CLEAN, 303)
    assert "Lengkapkan akaun anda" in client.get(CLEAN).text  # until the newer one is mailed
    make_token(boon)
    page = closed_page(client, token)
    assert "Pautan yang lebih baharu telah diminta." in page
    assert ">Hantar pautan baharu</button>" in page


def test_a_used_link_leads_to_the_log_in(client, db):
    aminah = make_account()
    link = aminah.links.get()
    session = client.session
    session["link"] = link.pk
    session.save()
    page = client.get(CLEAN).text
    assert "Pautan ini sudah digunakan." in page
    assert 'href="/log-masuk/"' in page
    assert "Hantar pautan baharu" not in page


@pytest.mark.parametrize("token", ["x", "A" * 43, "../../etc"])
def test_an_unknown_link_has_an_honest_page(client, db, token):
    client.get("/akaun/aktif/" + token.replace("/", "%2F") + "/")
    page = client.get(CLEAN).text
    assert "Kami tidak mengenali pautan ini." in page


def test_nobodys_link_is_carried_by_the_next_page_alone(client, db):
    assert "Kami tidak mengenali pautan ini." in client.get(CLEAN).text


def test_a_reset_link_opens_no_account(client, db, at):
    aminah = make_account()
    aminah.links.create(purpose="reset", requested_at=at)
    token = make_token(aminah, "reset")
    assert lands(client.get(f"/akaun/aktif/{token}/"), CLEAN, 303)
    assert "Kami tidak mengenali pautan ini." in client.post(CLEAN, CREDENTIALS).text
