"""Step 4: the code."""

from datetime import timedelta

import pytest
from django.conf import settings

from accounts.models import KnownDevice, User
from foundation.outbox import OutboxRow
from tests.accounts.pages import begin, begin_and_prove, errors, lands
from tests.factories import make_code

WRONG = "Kod OTP tidak betul. Semak SMS terkini dan cuba lagi"
PATH = "/daftar/otp/"


@pytest.fixture
def boon(client, db):
    return begin(client, phone="+60123456789")


def test_it_says_where_the_code_went(client, boon, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        page = client.get(PATH).text
    assert (
        "Kami telah menghantar kod 6 angka ke 012-\N{WORD JOINER}•••\N{NO-BREAK SPACE}6789." in page
    )
    assert "Kod ini sah selama 5 minit." in page
    assert ">Kod OTP</label>" in page
    assert 'autocomplete="one-time-code"' in page
    assert "maxlength" not in page
    assert "Tidak terima kod?" in page
    assert "0123456789" not in page


@pytest.mark.parametrize("written", ["{}", " {} ", "{:.3} {:.3}"])
def test_the_right_code_leads_on(client, boon, at, written):
    digits = make_code(boon)
    typed = f"{digits[:3]} {digits[3:]}" if ":" in written else written.format(digits)
    assert lands(client.post(PATH, {"code": typed}), "/daftar/berjaya/")
    boon.refresh_from_db()
    assert boon.phone_proved_at == at
    assert not boon.is_opened


def test_it_makes_the_browser_a_known_device(client, boon, at):
    response = client.post(PATH, {"code": make_code(boon)})
    cookie = response.cookies[settings.DEVICE_COOKIE_NAME]
    device = KnownDevice.objects.good(at).with_secret(cookie.value).get()
    assert device.user == boon
    assert device.expires_at == at + timedelta(days=30)
    assert cookie["max-age"] == 30 * 24 * 3600
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert cookie.value not in str(KnownDevice.objects.values())


def test_it_asks_for_the_link_and_changes_the_session_key(client, boon):
    before = client.session.session_key
    client.post(PATH, {"code": make_code(boon)})
    assert client.session.session_key != before
    assert OutboxRow.objects.get(kind="accounts.send_email_link").subject_id == boon.links.get().pk


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Masukkan kod OTP"),
        ("12345", "Kod OTP mesti 6 angka"),
        ("1234567", "Kod OTP mesti 6 angka"),
        ("12345O", "Kod OTP mesti 6 angka"),
        ("１２３４５６", "Kod OTP mesti 6 angka"),
    ],
)
def test_each_mistake_has_its_sentence(client, boon, typed, sentence):
    response = client.post(PATH, {"code": typed})
    assert errors(response, "code") == [sentence]
    assert response.context["form"]["code"].value() == typed


def other_than(digits):
    """A wrong code."""
    return f"{(int(digits) + 1) % 1_000_000:06}"


def test_a_wrong_code_is_refused(client, boon):
    digits = make_code(boon)
    assert errors(client.post(PATH, {"code": other_than(digits)}), "code") == [WRONG]
    assert lands(client.post(PATH, {"code": digits}), "/daftar/berjaya/")


def test_a_code_before_any_was_made_is_wrong(client, boon):
    assert errors(client.post(PATH, {"code": "000000"}), "code") == [WRONG]


def test_after_five_wrong_codes_even_the_right_one_must_wait(client, boon, clock):
    digits = make_code(boon)
    for _try in range(5):
        assert errors(client.post(PATH, {"code": other_than(digits)}), "code") == [WRONG]
    too_many = ["Terlalu banyak cubaan. Cuba lagi selepas 15 minit"]
    assert errors(client.post(PATH, {"code": digits}), "code") == too_many
    clock.shift(timedelta(minutes=15))
    assert errors(client.post(PATH, {"code": other_than(digits)}), "code") == [WRONG]


def test_a_late_code_is_expired_and_a_new_one_is_sent(client, boon, clock):
    digits = make_code(boon)
    clock.shift(timedelta(minutes=5))
    response = client.post(PATH, {"code": digits})
    assert errors(response, "code") == [
        "Kod OTP telah tamat tempoh. Kami telah menghantar kod baharu"
    ]
    assert boon.phone_device.codes.count() == 2
    assert OutboxRow.objects.filter(kind="accounts.send_code").count() == 2


def test_a_code_is_good_until_the_last_second(client, boon, clock):
    digits = make_code(boon)
    clock.shift(timedelta(minutes=4, seconds=59))
    assert lands(client.post(PATH, {"code": digits}), "/daftar/berjaya/")


def test_an_earlier_code_stays_good_when_another_was_sent(client, boon, clock):
    first = make_code(boon)
    clock.shift(timedelta(minutes=2))
    client.post("/daftar/otp/hantar-semula/", {"phone": "012-345 6789"})
    make_code(boon)
    assert lands(client.post(PATH, {"code": first}), "/daftar/berjaya/")


def test_a_code_of_another_browsers_attempt_is_wrong(client, boon):
    other = begin(client, phone="+60198765432")  # this browser now has another attempt
    make_code(other)
    assert errors(client.post(PATH, {"code": make_code(boon)}), "code") == [WRONG]


def test_a_repeated_code_leads_on_once_more(client, boon):
    digits = make_code(boon)
    client.post(PATH, {"code": digits})
    assert lands(client.post(PATH, {"code": digits}), "/daftar/berjaya/")
    assert boon.links.count() == 1


def test_who_has_proved_his_phone_is_led_on(client, db):
    begin_and_prove(client)
    assert lands(client.get(PATH), "/daftar/berjaya/")


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_lost_session_has_an_honest_page(client, db, method):
    response = getattr(client, method)(PATH, {"code": "123456"})
    assert response.status_code == 200
    assert "Pendaftaran ini tidak dapat disambung" in response.text
    assert 'href="/daftar/"' in response.text


def test_a_sign_up_that_was_dropped_has_the_same_page(client, boon):
    User.objects.all().delete()
    assert "Pendaftaran ini tidak dapat disambung" in client.get(PATH).text
