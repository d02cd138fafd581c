"""No code came: another one, perhaps to another number."""

from datetime import timedelta

import pytest

from accounts.models import Code
from tests.accounts.pages import begin, begin_and_prove, errors, lands
from tests.factories import make_code

PATH = "/daftar/otp/hantar-semula/"
SAME = {"phone": "012-345 6789"}


@pytest.fixture
def boon(client, db):
    return begin(client, phone="+60123456789")


def test_it_shows_the_number_in_full(client, boon, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        page = client.get(PATH).text
    assert "<h1>Tidak terima kod?</h1>" in page
    assert 'value="012-345 6789"' in page
    assert ">Hantar kod baharu</button>" in page
    assert "satu kod seminit, paling banyak lima kod sejam" in page


def test_a_get_sends_nothing(client, boon):
    client.get(PATH)
    assert Code.objects.count() == 1


def test_it_sends_another_code_after_a_minute(client, boon, clock):
    assert errors(client.post(PATH, SAME), "phone") == ["Tunggu 60 saat, kemudian minta kod baharu"]
    clock.shift(timedelta(minutes=1))
    response = client.post(PATH, SAME, follow=True)
    assert response.redirect_chain == [("/daftar/otp/", 302)]
    assert "Kami telah menghantar kod baharu" in response.text
    assert Code.objects.count() == 2


def test_it_texts_five_codes_an_hour_and_mails_the_next(patient, client, boon, clock):
    for _more in range(4):
        clock.shift(timedelta(minutes=2))
        assert lands(client.post(PATH, SAME), "/daftar/otp/")
    clock.shift(timedelta(minutes=2))
    assert lands(client.post(PATH, SAME), "/daftar/otp/")
    assert boon.phone_device.codes.latest("pk").channel == "email"
    clock.shift(timedelta(minutes=50))
    assert lands(client.post(PATH, SAME), "/daftar/otp/")
    assert boon.phone_device.codes.latest("pk").channel == "sms"


def test_another_number_gets_its_code_at_once(client, boon):
    old = make_code(boon)
    assert lands(client.post(PATH, {"phone": "019-876 5432"}), "/daftar/otp/")
    boon.refresh_from_db()
    assert boon.phone == "+60198765432"
    assert Code.objects.count() == 1
    assert errors(client.post("/daftar/otp/", {"code": old}), "code")
    assert lands(client.post("/daftar/otp/", {"code": make_code(boon)}), "/daftar/berjaya/")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Masukkan nombor telefon bimbit"),
        (
            "012",
            "Nombor telefon bimbit mesti bermula dengan 01 dan mempunyai 10 atau 11 angka",
        ),
    ],
)
def test_each_mistake_has_its_sentence(client, boon, typed, sentence):
    assert errors(client.post(PATH, {"phone": typed}), "phone") == [sentence]


def test_a_proved_number_is_not_changed_here(client, db):
    person = begin_and_prove(client)
    assert lands(client.post(PATH, {"phone": "019-876 5432"}), "/daftar/berjaya/")
    assert lands(client.get(PATH), "/daftar/berjaya/")
    phone = person.phone
    person.refresh_from_db()
    assert person.phone == phone


def test_a_lost_session_has_an_honest_page(client, db):
    assert "Pendaftaran ini tidak dapat disambung" in client.get(PATH).text
