"""Step 3: the particulars, one form."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import Code, User
from accounts.services import limits
from accounts.services.watch import SMS_IS_SPENT, watch_codes
from foundation.alarms import Alarm, raise_alarm
from tests.accounts.pages import TYPED, errors, lands
from tests.browser import Browser
from tests.factories import AT, make_code, make_user


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
    (
        "full_name",
        "Aminah \N{GRINNING FACE}",
        "Nama hanya boleh mengandungi huruf, ruang dan tanda ' / @ . , ( ) -",
    ),
    ("full_name", "阿米娜", "Taip nama dalam huruf Rumi"),
    (
        "full_name",
        "Aminah 2",
        "Nama hanya boleh mengandungi huruf, ruang dan tanda ' / @ . , ( ) -",
    ),
    (
        "full_name",
        "<script>",
        "Nama hanya boleh mengandungi huruf, ruang dan tanda ' / @ . , ( ) -",
    ),
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
    assert User.objects.get().full_name == name.replace("’", "'")


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


def test_a_second_code_to_one_phone_is_sent_when_its_minute_is_over(
    client, db, clock, work, gateway
):
    for _form in range(2):
        assert lands(client.post("/daftar/", TYPED), "/daftar/otp/")
    work()
    assert len(gateway.texts) == 1
    clock.shift(timedelta(minutes=1))
    work()
    assert len(gateway.texts) == 2


def test_one_phone_gets_five_codes_an_hour_and_then_the_mailbox_is_proved_first(client, db, clock):
    for _sign_up in range(6):
        assert lands(client.post("/daftar/", TYPED), "/daftar/otp/")
        clock.shift(timedelta(minutes=2))
    channels = list(Code.objects.order_by("pk").values_list("channel", flat=True))
    assert channels == ["sms"] * 5 + ["email"]


@pytest.fixture
def used_number(db):
    """Strangers have asked for all that the number gets in a day."""
    limits.spend("code_per_day", "sign_up:+60123456789", 10, at=AT)


def prove_mailbox(email="aminah@contoh.com"):
    """Another sign-up with the number, by whoever reads this mailbox; returns what it led to."""
    browser = Browser()
    browser.post("/daftar/", TYPED | {"email": email})
    digits = make_code(User.objects.sign_ups().latest("pk"), at=timezone.now())
    return browser, browser.post("/daftar/otp/", {"code": digits})


def texted():
    return Code.objects.filter(channel="sms").count()


def test_a_proved_mailbox_has_two_sms_of_its_own_a_day(used_number, clock):
    browser, answer = prove_mailbox()
    assert lands(answer, "/daftar/otp/")
    assert texted() == 1
    for _send in range(2):
        clock.shift(timedelta(minutes=1))
        answer = browser.post("/daftar/otp/hantar-semula/", {"phone": "012-345 6789"})
    assert texted() == 2
    assert "Terlalu banyak cubaan. Cuba lagi selepas 1438 minit" in answer.text
    _browser, refused = prove_mailbox()
    assert "Terlalu banyak cubaan. Cuba lagi selepas 1438 minit" in refused.text
    assert texted() == 2


def test_all_proved_mailboxes_have_so_many_in_a_quarter_of_an_hour(used_number, settings, clock):
    few = {"reserved_codes_in_all": (2, timedelta(minutes=15))}
    settings.LIMITS = settings.LIMITS | few
    for name in "abc":
        _browser, answer = prove_mailbox(f"{name}@contoh.com")
    assert "Terlalu banyak cubaan. Cuba lagi selepas 15 minit" in answer.text
    assert texted() == 2
    watch_codes(at=timezone.now())
    assert "reserve_spent" in Alarm.objects.values_list("kind", flat=True)
    clock.shift(timedelta(minutes=15))
    assert lands(prove_mailbox("d@contoh.com")[1], "/daftar/otp/")


def busy_network(settings):
    settings.LIMITS = settings.LIMITS | {"sign_up_per_network": (0, timedelta(hours=1))}


def busy_neighbours(settings):
    settings.LIMITS = settings.LIMITS | {"codes_per_prefix": (0, timedelta(minutes=10))}


def busy_gateway(settings):
    raise_alarm(SMS_IS_SPENT, "codes", at=AT)


@pytest.mark.parametrize("make_busy", [busy_network, busy_neighbours, busy_gateway])
def test_when_many_sms_are_asked_for_the_mailbox_is_proved_first_and_nobody_refused(
    client, db, settings, work, gateway, mailoutbox, make_busy
):
    make_busy(settings)
    assert lands(client.post("/daftar/", TYPED), "/daftar/otp/")
    work()
    assert gateway.texts == []
    page = client.get("/daftar/otp/").text
    assert "Kami telah menghantar kod 6 angka ke e-mel a" in page
    assert "Terlalu banyak SMS diminta sekarang" in page
    assert "<h1>Semak e-mel anda</h1>" in page
    mailed = re.search(r"Kod OTP anda (\d{6})\.", mailoutbox[0].body)[1]
    assert lands(client.post("/daftar/otp/", {"code": mailed}), "/daftar/otp/")
    assert "E-mel anda disahkan. Sekarang taip kod dalam SMS" in client.get("/daftar/otp/").text
    sign_up = User.objects.sign_ups().get()
    assert sign_up.phone_proved_at is None
    work()
    texted = re.search(r"Kod OTP anda (\d{6})\.", gateway.texts[0][1])[1]
    assert lands(client.post("/daftar/otp/", {"code": texted}), "/daftar/berjaya/")


def many_sign_ups(count, network="10.7.1.1", **fixed):
    """A script: other numbers, other addresses, unless one is fixed."""
    answers = []
    for number in range(count):
        script = Browser(REMOTE_ADDR=network)
        typed = {"phone": f"012-{2000000 + 10000 * number}", "email": f"m{number}@contoh.com"}
        answers.append(script.post("/daftar/", TYPED | typed | fixed))
    return answers


def mailed():
    return Code.objects.filter(channel="email").count()


def few_mails(settings, **limits):
    busy_network(settings)
    settings.LIMITS = settings.LIMITS | {
        name: (how_many, settings.LIMITS[name][1]) for name, how_many in limits.items()
    }


def test_one_network_mails_only_so_many_addresses(client, db, settings):
    few_mails(settings, mails_per_network=3)
    *_first, last = many_sign_ups(5)
    assert mailed() == 3
    assert User.objects.sign_ups().count() == 3
    assert "Terlalu banyak cubaan. Cuba lagi selepas 60 minit" in last.text
    assert lands(client.post("/daftar/", TYPED), "/daftar/otp/")  # another network


def test_one_mailbox_is_mailed_only_so_often_whoever_asks(db, settings):
    few_mails(settings, mails_per_mailbox=2)
    for network in ("10.7.1.1", "10.8.1.1", "10.9.1.1"):
        many_sign_ups(1, network, email="Mangsa@contoh.com", phone=f"013-{network[3]}000000")
    assert mailed() == 2


def test_all_together_mail_only_so_many(db, settings):
    few_mails(settings, mails_in_all=2)
    for network in ("10.7.1.1", "10.8.1.1", "10.9.1.1"):
        many_sign_ups(1, network, email=f"m{network}@contoh.com", phone=f"013-{network[3]}000000")
    assert mailed() == 2


def test_whoever_reads_the_mail_does_not_use_them_up(client, db, settings):
    few_mails(settings, mails_per_network=1, mails_per_mailbox=1, mails_in_all=1)
    for last_digit in range(3):
        driver = Browser()
        typed = {"phone": f"012-345 670{last_digit}"}
        assert lands(driver.post("/daftar/", TYPED | typed), "/daftar/otp/")
        digits = make_code(User.objects.sign_ups().latest("pk"))
        assert lands(driver.post("/daftar/otp/", {"code": digits}), "/daftar/otp/")


def test_a_proved_phone_mails_few_links_whatever_addresses_it_names(client, db, clock):
    """However often it signs up anew."""
    sent = 0
    for sign_up in range(3):
        client.post("/daftar/", TYPED)
        client.post("/daftar/otp/", {"code": make_code(User.objects.sign_ups().latest("pk"))})
        for number in range(3):
            answer = client.post("/daftar/berjaya/", {"email": f"m{sign_up}{number}@contoh.com"})
            sent += answer.status_code == 302
        client.session.flush()
        clock.shift(timedelta(minutes=1))
    assert sent == 3


def test_one_mailbox_is_mailed_few_first_links_however_many_phones_were_proved(
    client, db, settings, work, mailoutbox
):
    few_mails(settings, first_links_per_mailbox=1, sign_up_per_network=9)
    for last_digit in range(2):
        client.post("/daftar/", TYPED | {"phone": f"012-345 670{last_digit}"})
        digits = make_code(User.objects.sign_ups().latest("pk"))
        assert lands(client.post("/daftar/otp/", {"code": digits}), "/daftar/berjaya/")
        page = client.get("/daftar/berjaya/").text
        if last_digit == 0:
            client.session.flush()
    work()
    assert [mail.to for mail in mailoutbox] == [[TYPED["email"]]]
    assert "jadi kami belum menghantar pautan anda" in page
    client.post("/daftar/berjaya/", {"email": "lain@contoh.com"})
    assert "Semak e-mel anda" in client.get("/daftar/berjaya/").text
    work()
    assert mailoutbox[-1].to == ["lain@contoh.com"]


def test_a_mailbox_that_is_used_up_is_not_mailed_a_link_again(client, db, settings):
    few_mails(settings, mails_per_mailbox=1)
    settings.LIMITS = settings.LIMITS | {"sign_up_per_network": (9, timedelta(hours=1))}
    client.post("/daftar/", TYPED)
    client.post("/daftar/otp/", {"code": make_code(User.objects.sign_ups().get())})
    assert lands(client.post("/daftar/berjaya/", {"email": TYPED["email"]}), "/daftar/berjaya/")
    refused = client.post("/daftar/berjaya/", {"email": TYPED["email"]})
    assert errors(refused, "email") == ["Terlalu banyak cubaan. Cuba lagi selepas 1440 minit"]


NAMES = {
    "NUR 'AIN BINTI ABDULLAH": "NUR 'AIN BINTI ABDULLAH",
    "Kumar A/L Raju": "Kumar A/L Raju",
    "Ahmad @ Mat bin Ali": "Ahmad @ Mat bin Ali",
    "Lim Ah-Kow": "Lim Ah-Kow",
    "D'Cruz, Anthony": "D'Cruz, Anthony",
    "S. Pathmanathan": "S. Pathmanathan",
    "Mohd. Ali": "Mohd. Ali",
    "M.SARAVANAN A/L K.R.MURUGAN": "M. SARAVANAN A/L K. R. MURUGAN",
    "Siti Wwwan": "Siti Wwwan",
    "Xin Yi (Ng)": "Xin Yi (Ng)",
}


@pytest.mark.parametrize("name", NAMES)
def test_it_takes_what_stands_in_names(client, db, name):
    assert lands(client.post("/daftar/", TYPED | {"full_name": name}), "/daftar/otp/")
    assert User.objects.get().full_name == NAMES[name]


@pytest.mark.parametrize(
    "name", ["Hadiah di jahat.com", "WWW Hadiah", "Mohd.Ali", "a.jahat.my/x", "Ali //jahat"]
)
def test_a_name_is_no_address(client, db, name):
    answer = client.post("/daftar/", TYPED | {"full_name": name})
    assert errors(answer, "full_name") == [
        "Taip nama sahaja, bukan alamat laman. Letak ruang selepas titik"
    ]


def test_a_proved_mailbox_is_enough_for_the_next_sms(client, db, settings, clock, work, gateway):
    busy_network(settings)
    client.post("/daftar/", TYPED)
    client.post("/daftar/otp/", {"code": make_code(User.objects.sign_ups().get())})
    clock.shift(timedelta(minutes=1))
    client.post("/daftar/otp/hantar-semula/", {"phone": "012-345 6780"})
    assert Code.objects.latest("pk").channel == "sms"


def test_honest_sign_ups_do_not_use_the_network_up(client, db, settings):
    settings.LIMITS = settings.LIMITS | {
        "sign_up_per_network": (1, timedelta(hours=1)),
        "codes_per_prefix": (1, timedelta(minutes=10)),
    }
    for last_digit in range(3):
        driver = Browser()
        driver.post("/daftar/", TYPED | {"phone": f"012-345 670{last_digit}"})
        code = Code.objects.latest("pk")
        assert code.channel == "sms"
        digits = make_code(code.device.user)
        assert lands(driver.post("/daftar/otp/", {"code": digits}), "/daftar/berjaya/")


def test_one_sign_up_may_try_five_more_numbers(client, db, clock):
    client.post("/daftar/", TYPED)
    for last_digit in range(6):
        clock.shift(timedelta(minutes=1))
        phone = {"phone": f"012-345 670{last_digit}"}
        answer = client.post("/daftar/otp/hantar-semula/", phone)
        assert ("Terlalu banyak cubaan" in answer.text) == (last_digit == 5)


def test_who_is_signed_in_has_an_account(client, db):
    client.force_login(make_user())
    assert lands(client.get("/daftar/"), "/mod/")
