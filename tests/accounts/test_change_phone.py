"""Another phone: proved by a code before it replaces the old one; both are told."""

from datetime import timedelta

import pytest

from accounts.models import ContactChange, EmailLink
from foundation.audit import AuditEvent
from foundation.outbox import OutboxRow
from tests.accounts.pages import errors, lands, prove
from tests.browser import Browser
from tests.factories import make_code, make_user

PATH = "/profil/telefon/"
CODE = "/profil/telefon/otp/"
AGAIN = "/profil/telefon/otp/hantar-semula/"
NEW = "019-876 5432"


@pytest.fixture
def aminah(client, db):
    """Signed in, and proved just now."""
    aminah = make_user(phone="+60123456789")
    client.force_login(aminah)
    prove(client, aminah, PATH)
    OutboxRow.objects.all().delete()
    return aminah


@pytest.fixture
def asked(client, aminah):
    """She typed the new number."""
    assert lands(client.post(PATH, {"phone": NEW}), CODE)
    return aminah


def test_it_shows_the_number_that_holds(client, aminah):
    page = client.get(PATH).text
    assert "<h1>Tukar nombor telefon</h1>" in page
    assert "012-\N{WORD JOINER}•••\xa06789" in page


def test_the_code_goes_to_the_new_number_only(client, asked, work, gateway):
    work()
    ((to, text),) = gateway.texts
    assert to == "60198765432"
    assert "Kod OTP anda" in text
    asked.refresh_from_db()
    assert asked.phone == "+60123456789"
    assert "019-\N{WORD JOINER}•••\xa05432" in client.get(CODE).text


def test_the_code_puts_the_new_number_in_place(client, asked, at):
    assert lands(client.post(CODE, {"code": make_code(asked, "new_phone")}), "/profil/")
    asked.refresh_from_db()
    assert asked.phone == "+60198765432"
    change = ContactChange.objects.get()
    assert (change.old_phone, change.phone, change.changed_at) == ("+60123456789", asked.phone, at)
    assert AuditEvent.objects.get(action="contact_changed").by == asked


def test_old_and_new_phone_are_told_and_the_mailbox_can_undo_it(
    client, asked, work, gateway, mailoutbox
):
    OutboxRow.objects.all().delete()
    client.post(CODE, {"code": make_code(asked, "new_phone")})
    work()
    assert sorted(to for to, _text in gateway.texts) == ["60123456789", "60198765432"]
    assert all("telah ditukar" in text for _to, text in gateway.texts)
    ((mail),) = mailoutbox
    assert mail.to == [asked.email]
    assert "http://127.0.0.1:8000/akaun/batal/pautan/" in mail.body


def test_codes_and_links_under_way_to_the_old_end_die(client, asked, at):
    reset = EmailLink.objects.create(user=asked, purpose="reset", requested_at=at)
    client.post(CODE, {"code": make_code(asked, "new_phone")})
    reset.refresh_from_db()
    assert reset.superseded_at == at
    assert not asked.phone_device.codes.filter(used_at=None).exists()


def test_every_other_session_ends_and_she_is_told(client, asked):
    elsewhere, chandran = Browser(), Browser()
    elsewhere.force_login(asked)
    chandran.force_login(make_user("Chandran a/l Muthu"))
    assert "Semua peranti lain akan dilog keluar." in client.get(PATH).text
    client.post(CODE, {"code": make_code(asked, "new_phone")})
    told = "Nombor telefon anda telah ditukar. Peranti lain telah dilog keluar"
    assert told in client.get("/profil/").text
    assert lands(elsewhere.get("/profil/"), "/log-masuk/?next=/profil/")
    assert chandran.get("/profil/").status_code == 200


def test_each_change_needs_its_own_proof(client, asked):
    client.post(CODE, {"code": make_code(asked, "new_phone")})
    assert lands(client.get(PATH), "/profil/pengesahan/")


def test_a_number_pressed_twice_is_one_request(client, asked):
    assert lands(client.post(PATH, {"phone": NEW}), CODE)
    assert ContactChange.objects.count() == 1
    assert asked.phone_device.codes.filter(purpose="new_phone").count() == 1


def test_a_code_for_one_number_is_no_good_for_another(client, asked):
    digits = make_code(asked, "new_phone")
    client.post(PATH, {"phone": "011-1234 5678"})
    assert client.post(CODE, {"code": digits}).status_code == 200
    asked.refresh_from_db()
    assert asked.phone == "+60123456789"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Masukkan nombor telefon bimbit"),
        (
            "03-2274 1000",
            "Kod OTP tidak dapat dihantar ke nombor ini. Masukkan nombor telefon bimbit",
        ),
        ("012-345 6789", "Ini sama seperti yang ada sekarang"),
    ],
)
def test_each_mistake_has_its_sentence(client, aminah, typed, sentence):
    assert errors(client.post(PATH, {"phone": typed}), "phone") == [sentence]


def test_a_wrong_code_changes_nothing(client, asked):
    assert errors(client.post(CODE, {"code": "000000"}), "code")
    asked.refresh_from_db()
    assert asked.phone == "+60123456789"


def test_another_code_after_a_minute(client, asked, clock):
    assert "Tunggu <span>60</span> saat" in client.post(AGAIN).text
    clock.shift(timedelta(minutes=1))
    assert lands(client.post(AGAIN), CODE)


@pytest.mark.parametrize("path", [CODE, AGAIN])
def test_out_of_turn_it_leads_to_the_profile(client, aminah, path):
    assert lands(client.get(path), "/profil/")


def test_another_driver_does_not_reach_her_change(client, asked):
    chandran = Browser()
    chandran.force_login(make_user("Chandran a/l Muthu"))
    session = chandran.session
    session["new_phone"] = str(ContactChange.objects.get().attempt)
    session.save()
    assert lands(chandran.get(CODE), "/profil/")


@pytest.mark.parametrize("path", [PATH, CODE, AGAIN])
def test_it_is_not_for_strangers(client, db, path):
    assert client.get(path).url.startswith("/log-masuk/")


@pytest.mark.parametrize("path", [PATH, CODE, AGAIN])
def test_its_queries_are_few(client, asked, path, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        client.get(path)


def test_one_account_texts_few_strangers_phones(client, aminah, work, gateway, settings):
    few, _span = settings.LIMITS["numbers_per_account"]
    for number in range(few):
        assert lands(client.post(PATH, {"phone": f"019-876 543{number}"}), CODE)
    refused = client.post(PATH, {"phone": "019-876 5439"})
    assert "Terlalu banyak cubaan" in errors(refused, "phone")[0]
    assert ContactChange.objects.count() == few
    assert lands(client.post(PATH, {"phone": "019-876 5430"}), CODE)
    work()
    assert len(gateway.texts) == few
