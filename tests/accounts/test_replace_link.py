"""A new link in the place of one that has closed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import EmailLink
from tests.accounts.pages import CREDENTIALS, lands, open_link
from tests.factories import make_account, make_sign_up, prove_phone

PATH = "/akaun/pautan-baharu/"
SENT = "/akaun/pautan-dihantar/"


@pytest.fixture
def boon(client, db, clock):
    sign_up = make_sign_up("Boon bin Chandran", email="boon@contoh.com")
    prove_phone(sign_up)
    open_link(client, sign_up)
    clock.shift(timedelta(hours=25))
    return sign_up


def test_it_is_sent_to_the_same_address(patient, client, boon, work, mailoutbox):
    response = client.post(PATH, follow=True)
    assert response.redirect_chain == [(SENT, 302)]
    assert "Kami telah menghantar pautan ke b••@contoh.com." in response.text
    work()
    assert [mail.to for mail in mailoutbox[-1:]] == [["boon@contoh.com"]]


def test_the_new_one_works(client, boon):
    client.post(PATH)
    open_link(client, boon, at=timezone.now())
    assert lands(client.post("/akaun/lengkapkan/", CREDENTIALS), "/log-masuk/")


def test_it_is_sent_three_times_an_hour(patient, client, boon):
    for _press in range(3):
        client.post(PATH)
    page = client.post(PATH).text
    assert "Terlalu banyak cubaan. Cuba lagi selepas 60 minit" in page
    assert boon.links.count() == 4


def test_a_used_link_is_not_replaced(client, db):
    aminah = make_account()
    session = client.session
    session["link"] = aminah.links.get().pk
    session.save()
    assert "Pautan ini sudah digunakan." in client.post(PATH).text
    assert EmailLink.objects.count() == 1


def test_without_a_link_there_is_nothing_to_replace(client, db):
    assert "Kami tidak mengenali pautan ini." in client.post(PATH).text
    assert "Kami tidak mengenali pautan ini." in client.get(SENT).text


def test_a_get_sends_nothing(client, boon):
    assert client.get(PATH).status_code == 405
    client.get(SENT)
    assert boon.links.count() == 1
