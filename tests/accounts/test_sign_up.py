"""Step 3: the particulars, one form."""

from datetime import timedelta

import pytest
from django.conf import settings

from accounts.models import Code, User
from tests.accounts.pages import TYPED, errors, lands
from tests.factories import make_user


def test_it_shows_one_form(client, db, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        page = client.get("/daftar/").text
    for label in (
        "Nombor kad pengenalan",
        "Nama penuh",
        "Nombor telefon bimbit",
        "Alamat e-mel",
        "Saya telah membaca Notis privasi",
    ):
        assert f">{label}</label>" in page
    assert ">Seterusnya</button>" in page
    assert page.count("<h1") == 1
    for attribute in (
        'autocomplete="username"',
        'inputmode="numeric"',
        'autocomplete="name"',
        'type="tel"',
        'type="email"',
    ):
        assert attribute in page


def test_a_get_keeps_nothing(client, db):
    client.get("/daftar/")
    assert not User.objects.exists()
    assert not client.session.keys()


def test_it_keeps_what_was_typed_and_asks_for_a_code(client, db, at):
    assert lands(client.post("/daftar/", TYPED), "/daftar/otp/")
    sign_up = User.objects.get()
    assert sign_up.ic_number == "850101145523"
    assert sign_up.full_name == "Aminah binti Ali"
    assert sign_up.phone == "+60123456789"
    assert sign_up.email == "aminah@contoh.com"
    assert sign_up.consent_version == settings.PRIVACY_NOTICE_VERSION
    assert (sign_up.consent_language, sign_up.consented_at) == ("ms", at)
    assert not sign_up.is_active
    assert not sign_up.has_usable_password()
    code = Code.objects.get()
    assert (code.device.user, code.purpose, code.code_hash) == (sign_up, "sign_up", "")


def test_the_session_holds_an_id_only(client, db):
    client.post("/daftar/", TYPED)
    assert client.session["sign_up"] == str(User.objects.get().sign_up_attempt)
    assert "850101145523" not in str(dict(client.session))


def test_an_english_page_makes_an_english_account(client, db):
    client.post("/en/daftar/", TYPED)
    assert User.objects.get().language == "en"


REQUIRED = [
    ("ic_number", "Masukkan nombor kad pengenalan anda"),
    ("full_name", "Masukkan nama penuh anda"),
    ("phone", "Masukkan nombor telefon bimbit"),
    ("email", "Masukkan alamat e-mel"),
    ("has_read_privacy_notice", "Tandakan kotak untuk meneruskan"),
]
MISTAKES = [
    ("ic_number", "85010114552", "Nombor kad pengenalan mesti 12 angka"),
    ("ic_number", "850101-14-552O", "Nombor kad pengenalan mesti angka 0 hingga 9 sahaja"),
    (
        "ic_number",
        "A1234567",
        "Ini nombor kad pengenalan lama. Masukkan nombor 12 angka pada MyKad anda",
    ),
    ("ic_number", "850230-14-5523", "Enam angka pertama mesti tarikh lahir yang sah"),
    (
        "ic_number",
        "850101-17-5523",
        "Angka ketujuh dan kelapan mesti kod tempat lahir yang sah",
    ),
    ("full_name", "阿米娜", "Taip nama dalam huruf Rumi"),
    ("full_name", "Aminah 2", "Taip nama dalam huruf Rumi"),
    ("full_name", "<script>", "Taip nama dalam huruf Rumi"),
    ("full_name", "...", "Taip nama dalam huruf Rumi"),
    ("full_name", "a" * 151, "Nama penuh mesti tidak melebihi 150 aksara"),
    (
        "phone",
        "012-3456",
        "Nombor telefon bimbit mesti bermula dengan 01 dan mempunyai 10 atau 11 angka",
    ),
    ("phone", "+65 9123 4567", "Masukkan nombor telefon bimbit Malaysia, contohnya 012-345 6789"),
    (
        "phone",
        "03-8091 5300",
        "Kod OTP tidak dapat dihantar ke nombor ini. Masukkan nombor telefon bimbit",
    ),
    (
        "email",
        "aminah@",
        "Masukkan alamat e-mel dalam format yang betul, contohnya nama@contoh.com",
    ),
    (
        "email",
        "a" * 260 + "@contoh.com",
        "Masukkan alamat e-mel dalam format yang betul, contohnya nama@contoh.com",
    ),
]


@pytest.mark.parametrize(("field", "sentence"), REQUIRED)
def test_each_empty_field_has_its_sentence(client, db, field, sentence):
    response = client.post("/daftar/", TYPED | {field: ""})
    assert errors(response, field) == [sentence]
    assert len(response.context["form"].errors) == 1
    assert not User.objects.exists()


@pytest.mark.parametrize(("field", "typed", "sentence"), MISTAKES)
def test_each_mistake_has_its_sentence_and_keeps_what_was_typed(client, db, field, typed, sentence):
    response = client.post("/daftar/", TYPED | {field: typed})
    assert errors(response, field)[0] == sentence
    assert response.context["form"][field].value() == typed
    assert response.context["form"]["email"].value() in (TYPED["email"], typed)


@pytest.mark.parametrize(
    "name", ["Siti Nur'ain a/p O’Brien", "Ahmad @ Mat bin Abu (Dato’)", "José-María, Jr."]
)
def test_names_as_they_stand_on_cards_are_taken(client, db, name):
    assert lands(client.post("/daftar/", TYPED | {"full_name": f"  {name} "}), "/daftar/otp/")
    assert User.objects.get().full_name == name


def test_an_empty_post_names_every_field(client, db):
    response = client.post("/daftar/", {})
    assert set(response.context["form"].errors) == {field for field, _sentence in REQUIRED}


def test_the_same_form_sent_twice_is_one_sign_up_and_one_code(client, db):
    attempt = str(client.get("/daftar/").context["form"]["attempt"].value())
    for _press in range(2):
        assert lands(client.post("/daftar/", TYPED | {"attempt": attempt}), "/daftar/otp/")
    assert User.objects.count() == 1
    assert Code.objects.count() == 1


def test_a_corrected_form_keeps_its_sign_up(client, db):
    attempt = str(client.get("/daftar/").context["form"]["attempt"].value())
    client.post("/daftar/", TYPED | {"attempt": attempt})
    corrected = {"attempt": attempt, "phone": "019-876 5432", "full_name": "Aminah Ali"}
    client.post("/daftar/", TYPED | corrected)
    sign_up = User.objects.get()
    assert (sign_up.full_name, sign_up.phone) == ("Aminah Ali", "+60198765432")
    assert Code.objects.count() == 1  # those for the old number are gone


def test_a_form_that_comes_back_after_the_phone_was_proved_is_a_new_sign_up(client, db, at):
    attempt = str(client.get("/daftar/").context["form"]["attempt"].value())
    client.post("/daftar/", TYPED | {"attempt": attempt})
    User.objects.update(phone_proved_at=at)
    client.post("/daftar/", TYPED | {"attempt": attempt, "phone": "019-876 5432"})
    assert User.objects.count() == 2
    assert User.objects.get(phone_proved_at=at).phone == "+60123456789"


def test_a_forged_attempt_is_only_a_new_name(client, db):
    assert lands(client.post("/daftar/", TYPED | {"attempt": "x' OR 1=1"}), "/daftar/otp/")


def test_unopened_sign_ups_of_one_ic_number_coexist(client, db):
    client.post("/daftar/", TYPED)
    client.post("/daftar/", TYPED | {"phone": "019-876 5432", "full_name": "Orang Lain"})
    assert User.objects.sign_ups().with_ic_number("850101145523").count() == 2


def test_a_second_code_to_one_phone_must_wait(client, db, clock):
    client.post("/daftar/", TYPED)
    response = client.post("/daftar/", TYPED)
    assert errors(response, "phone") == ["Terlalu banyak cubaan. Cuba lagi selepas 1 minit"]
    assert User.objects.count() == 1
    clock.shift(timedelta(minutes=1))
    assert lands(client.post("/daftar/", TYPED), "/daftar/otp/")


def test_one_phone_gets_five_codes_an_hour(client, db, clock):
    for _sign_up in range(5):
        assert lands(client.post("/daftar/", TYPED), "/daftar/otp/")
        clock.shift(timedelta(minutes=2))
    response = client.post("/daftar/", TYPED)
    assert errors(response, "phone") == ["Terlalu banyak cubaan. Cuba lagi selepas 50 minit"]


def test_one_network_may_begin_only_so_many(client, db, settings):
    settings.LIMITS = settings.LIMITS | {"sign_up_per_network": (2, timedelta(hours=1))}
    for last_digit in range(2):
        client.post("/daftar/", TYPED | {"phone": f"012-345 670{last_digit}"})
    response = client.post("/daftar/", TYPED)
    assert errors(response, "phone") == ["Terlalu banyak cubaan. Cuba lagi selepas 60 minit"]
    elsewhere = client.post("/daftar/", TYPED, REMOTE_ADDR="203.0.113.9")
    assert lands(elsewhere, "/daftar/otp/")


def test_who_is_signed_in_has_an_account(client, db):
    client.force_login(make_user())
    assert lands(client.get("/daftar/"), "/mod/")
