"""Step 5: the mail is on its way."""

from datetime import timedelta

import pytest

from accounts.models import User
from foundation.outbox import OutboxRow
from tests.accounts.pages import begin, begin_and_prove, errors, lands
from tests.factories import make_token

PATH = "/daftar/berjaya/"
SAME = {"email": "boon@contoh.com"}


@pytest.fixture
def boon(client, db):
    return begin_and_prove(client, email="boon@contoh.com")


def test_it_says_where_the_mail_went(client, boon, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        page = client.get(PATH).text
    assert "<h1>Pendaftaran diterima. Semak e-mel anda</h1>" in page
    assert "Kami telah menghantar pautan ke b••@contoh.com. Pautan sah selama 24 jam." in page
    assert ">Hantar semula e-mel</button>" in page


def test_a_get_sends_nothing(client, boon):
    client.get(PATH)
    assert boon.links.count() == 1


def test_it_sends_the_link_again(client, boon):
    response = client.post(PATH, SAME, follow=True)
    assert response.redirect_chain == [(PATH, 302)]
    assert "Kami telah menghantar pautan baharu" in response.text
    assert OutboxRow.objects.filter(kind="accounts.send_email_link").count() == 2


def test_it_sends_three_more_an_hour(patient, client, boon, clock):
    for _more in range(3):
        assert lands(client.post(PATH, SAME), PATH)
    assert errors(client.post(PATH, SAME), "email") == [
        "Terlalu banyak cubaan. Cuba lagi selepas 60 minit"
    ]
    clock.shift(timedelta(hours=1))
    assert lands(client.post(PATH, SAME), PATH)


def test_another_address_ends_the_old_links(client, boon, at):
    make_token(boon)
    assert lands(client.post(PATH, {"email": "boon.baharu@contoh.com"}), PATH)
    boon.refresh_from_db()
    assert boon.email == "boon.baharu@contoh.com"
    assert boon.links.earliest("pk").why_closed(at) == "superseded"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Masukkan alamat e-mel"),
        ("boon", "Masukkan alamat e-mel dalam format yang betul, contohnya nama@contoh.com"),
    ],
)
def test_each_mistake_has_its_sentence(client, boon, typed, sentence):
    assert errors(client.post(PATH, {"email": typed}), "email") == [sentence]


def test_who_has_not_proved_his_phone_goes_back(client, db):
    begin(client)
    assert lands(client.get(PATH), "/daftar/otp/")
    assert lands(client.post(PATH, SAME), "/daftar/otp/")


def test_who_has_opened_his_account_goes_on(client, boon, at):
    User.objects.update(opened_at=at)
    assert lands(client.get(PATH), "/log-masuk/")


def test_a_lost_session_has_an_honest_page(client, db):
    assert "Pendaftaran ini tidak dapat disambung" in client.get(PATH).text
