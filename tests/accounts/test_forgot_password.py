"""Forgotten password: IC number and phone, the code, the link, the new password."""

import re
from datetime import timedelta

import pytest
from django.conf import settings

from accounts.models import Code, EmailLink
from foundation.outbox import OutboxRow
from tests.accounts.pages import errors, lands, open_link, without_one_time_values
from tests.browser import Browser
from tests.factories import PASSWORD, make_account, make_code, make_sign_up

PATH = "/lupa-kata-laluan/"
CODE = "/lupa-kata-laluan/otp/"
AGAIN = "/lupa-kata-laluan/otp/hantar-semula/"
SENT = "/lupa-kata-laluan/semak/"
NEW = "/lupa-kata-laluan/baharu/"
HERS = {"ic_number": "850101-14-5523", "phone": "012-345 6789"}
FRESH = "sungai jernih di bawah jambatan"
FRESH_TWICE = {"password": FRESH, "password_confirmation": FRESH}
WRONG = ["Kod OTP tidak betul. Semak SMS terkini dan cuba lagi"]


@pytest.fixture
def aminah(db):
    return make_account(ic_number="850101145523", phone="+60123456789", email="a@contoh.com")


def prove(client, aminah):
    """Types IC number, phone and code."""
    client.post(PATH, HERS)
    assert lands(client.post(CODE, {"code": make_code(aminah, "reset")}), SENT)


# --- IC number and phone -------------------------------------------------------------------
def test_it_asks_for_ic_number_and_phone(client, db, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        page = client.get(PATH).text
    assert "<h1>Lupa Kata Laluan?</h1>" in page
    assert ">Nombor kad pengenalan</label>" in page
    assert ">Nombor telefon bimbit</label>" in page
    assert ">Seterusnya</button>" in page


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("ic_number", "", "Masukkan nombor kad pengenalan anda"),
        ("ic_number", "123", "Nombor kad pengenalan mesti 12 angka"),
        ("phone", "", "Masukkan nombor telefon bimbit"),
        (
            "phone",
            "012",
            "Nombor telefon bimbit mesti bermula dengan 01 dan mempunyai 10 atau 11 angka",
        ),
    ],
)
def test_each_mistake_has_its_sentence(client, db, field, typed, sentence):
    assert errors(client.post(PATH, HERS | {field: typed}), field) == [sentence]


def test_a_match_is_sent_a_code(client, aminah, work, gateway):
    assert lands(client.post(PATH, HERS), CODE)
    OutboxRow.objects.exclude(kind="accounts.send_code", subject_id__gt=1).delete()
    work()
    assert gateway.texts[-1][0] == "60123456789"
    assert Code.objects.get(purpose="reset").device == aminah.phone_device


OTHERS = [
    {"ic_number": "900315-10-5012", "phone": "012-345 6789"},
    {"ic_number": "850101-14-5523", "phone": "019-876 5432"},
]


@pytest.mark.parametrize("typed", OTHERS)
def test_anything_else_is_sent_nothing(client, aminah, work, gateway, typed):
    OutboxRow.objects.all().delete()
    assert lands(client.post(PATH, typed), CODE)
    work()
    assert gateway.texts == []
    assert errors(client.post(CODE, {"code": "000000"}), "code") == WRONG


def test_a_sign_up_that_is_not_opened_is_sent_nothing(client, db, work, gateway):
    make_sign_up(ic_number="850101145523", phone="+60123456789")
    OutboxRow.objects.all().delete()
    client.post(PATH, HERS)
    work()
    assert gateway.texts == []


def shapes(captured):
    """Verb and tables of each statement."""
    statements = [query["sql"] for query in captured.captured_queries]
    return [re.findall(r'^\w+|"(?:accounts|perkeso)_\w+"', sql) for sql in statements]


def test_a_match_and_a_stranger_get_the_same_pages_at_the_same_cost(
    aminah, django_assert_max_num_queries
):
    def walk(typed):
        client = Browser()
        with django_assert_max_num_queries(99) as captured:
            pages = [
                client.post(PATH, typed, follow=True),
                client.post(CODE, {"code": "000000"}),
                client.get(AGAIN),
                client.post(AGAIN),
            ]
        return [without_one_time_values(page) for page in pages], shapes(captured)

    walk({"ic_number": "770305-02-1234", "phone": "011-1234 5678"})  # the network is new once
    hers = walk(HERS)
    assert walk(OTHERS[0]) == hers
    assert walk(OTHERS[1]) == hers


@pytest.mark.parametrize("typed", [HERS, *OTHERS])
def test_everybody_waits_a_minute_for_another_code(client, aminah, clock, typed):
    client.post(PATH, typed)
    assert "Tunggu <span>60</span> saat" in client.post(AGAIN).text
    clock.shift(timedelta(minutes=1))
    assert lands(client.post(AGAIN), CODE)
    assert "Jika maklumat sepadan, kami telah menghantar kod baharu" in client.get(CODE).text


def test_in_another_browser_within_the_minute_the_code_follows(aminah, clock, work, gateway):
    for _browser in range(2):
        assert lands(Browser().post(PATH, HERS), CODE)
    work()
    sent = len(gateway.texts)
    clock.shift(timedelta(minutes=1))
    work()
    assert len(gateway.texts) == sent + 1


def test_the_ic_number_typed_at_log_in_is_carried_on(client, aminah):
    for page in ("/log-masuk/", "/log-masuk/lupa/"):
        assert 'formaction="/log-masuk/lupa/"' in client.get("/log-masuk/").text
        client.post(page, {"ic_number": HERS["ic_number"]})
        assert 'value="850101145523"' in client.get(PATH).text
        client.session.flush()
    assert lands(Browser().post("/log-masuk/lupa/", {"ic_number": "85"}), PATH)
    looking = Browser()
    looking.post("/log-masuk/lupa/", {"ic_number": HERS["ic_number"]})
    assert lands(looking.get("/log-masuk/kata-laluan/"), "/log-masuk/")  # no look at a phrase


@pytest.mark.parametrize("typed", [HERS, OTHERS[0]])
def test_what_the_gateway_refused_is_not_told(client, aminah, work, gateway, settings, typed):
    """It would tell that there was an SMS."""
    gateway.replace("POST", settings.SMS_URL, status=400)
    client.post(PATH, typed)
    work()
    assert "belum dapat dihantar" not in client.get(CODE).text
    assert "Hantar pautan melalui e-mel</button>" in client.get(AGAIN).text


def test_the_same_form_sent_twice_asks_for_one_code(client, aminah):
    attempt = str(client.get(PATH).context["form"]["attempt"].value())
    for _press in range(2):
        assert lands(client.post(PATH, HERS | {"attempt": attempt}), CODE)
    assert Code.objects.filter(purpose="reset").count() == 1


def test_the_session_keeps_neither_ic_number_nor_phone(client, aminah):
    client.post(PATH, HERS)
    kept = str(dict(client.session))
    assert "850101145523" not in kept
    assert "123456789" not in kept


# --- the code ------------------------------------------------------------------------------
def test_the_code_page_promises_nothing(client, db, django_assert_max_num_queries):
    client.post(PATH, HERS)
    with django_assert_max_num_queries(6):
        page = client.get(CODE).text
    assert "<h1>Semak telefon dan e-mel anda</h1>" in page
    assert "Jika maklumat sepadan, kami telah menghantar arahan." in page


def test_the_right_code_has_the_link_sent(client, aminah):
    prove(client, aminah)
    link = EmailLink.objects.get(purpose="reset")
    assert OutboxRow.objects.filter(kind="accounts.send_email_link", subject_id=link.pk).exists()
    assert lands(client.get(CODE), SENT)
    assert "Pautan sah selama 4 jam." in client.get(SENT).text


def test_a_late_code_brings_a_new_one(client, aminah, clock):
    client.post(PATH, HERS)
    digits = make_code(aminah, "reset")
    clock.shift(timedelta(minutes=5))
    assert errors(client.post(CODE, {"code": digits}), "code") == [
        "Kod OTP telah tamat tempoh. Kami telah menghantar kod baharu"
    ]


def test_five_wrong_codes_then_wait(client, aminah):
    client.post(PATH, HERS)
    for _try in range(5):
        client.post(CODE, {"code": "000000"})
    page = client.post(CODE, {"code": make_code(aminah, "reset")}).text
    assert "Terlalu banyak cubaan. Cuba lagi selepas 15 minit" in page


@pytest.mark.parametrize("path", [CODE, AGAIN, SENT])
def test_out_of_turn_it_begins_again(client, db, path):
    assert lands(client.get(path), PATH)


def test_the_mail_page_is_for_who_proved_the_phone(client, aminah):
    client.post(PATH, HERS)
    assert lands(client.get(SENT), PATH)


# --- the link and the new password ---------------------------------------------------------
def test_the_mail_holds_the_link(client, aminah, work, mailoutbox, gateway):
    prove(client, aminah)
    OutboxRow.objects.exclude(kind="accounts.send_email_link").delete()
    work()
    mail = mailoutbox[-1]
    assert (mail.subject, mail.to) == ("Tetapkan semula Kata Laluan", ["a@contoh.com"])
    path = re.search(r"http://127.0.0.1:8000(/lupa-kata-laluan/pautan/\S+/)", mail.body)[1]
    response = client.get(path)
    assert lands(response, NEW, 303)
    assert response.headers["Referrer-Policy"] == "no-referrer"


@pytest.fixture
def opened(client, aminah):
    """Aminah opened the link in the browser that proved her phone."""
    prove(client, aminah)
    assert open_link(client, aminah, "reset") == NEW
    return aminah


def test_it_asks_for_the_new_password_twice(client, opened, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        page = client.get(NEW).text
    assert "<h1>Tetapkan Kata Laluan baharu</h1>" in page
    assert ">Kata Laluan</label>" in page
    assert ">Pengesahan Kata Laluan</label>" in page
    assert "Ungkapan Rahsia</label>" not in page


def test_it_sets_the_password_and_ends_every_session_and_device(client, opened):
    elsewhere = Browser()
    elsewhere.force_login(opened)
    response = client.post(NEW, FRESH_TWICE, follow=True)
    assert response.redirect_chain == [("/log-masuk/", 302)]
    assert "Kata Laluan anda telah ditukar." in response.text
    opened.refresh_from_db()
    assert opened.check_password(FRESH)
    assert elsewhere.get("/saya/").status_code == 302  # a stranger again
    assert opened.known_devices.count() == 1  # this browser, which proved phone and mailbox


def test_the_browser_that_proved_the_phone_logs_in_without_a_second_code(client, opened):
    client.post(NEW, FRESH_TWICE)
    client.post("/log-masuk/", {"ic_number": "850101145523"})
    assert lands(client.post("/log-masuk/kata-laluan/", {"password": FRESH}), "/mod/")


def test_the_browser_that_proved_the_phone_may_remember_its_password(client, aminah):
    prove(client, aminah)
    assert 'href="/log-masuk/">log masuk</a> terus pada peranti ini' in client.get(SENT).text
    client.post("/log-masuk/", {"ic_number": "850101145523"})
    assert lands(client.post("/log-masuk/kata-laluan/", {"password": PASSWORD}), "/mod/")


def test_a_browser_that_only_read_the_mail_is_not_known(client, aminah):
    prove(client, aminah)
    thief = Browser()
    open_link(thief, aminah, "reset")
    response = thief.post(NEW, FRESH_TWICE)
    assert lands(response, "/log-masuk/otp/")
    assert settings.DEVICE_COOKIE_NAME not in response.cookies
    assert not aminah.known_devices.exists()
    thief.post("/log-masuk/", {"ic_number": "850101145523"})
    assert lands(thief.post("/log-masuk/kata-laluan/", {"password": FRESH}), "/log-masuk/otp/")


def test_the_owner_is_told_by_mail_and_sms(client, opened, work, mailoutbox, gateway):
    client.post(NEW, FRESH_TWICE)
    OutboxRow.objects.exclude(kind__contains="changed").delete()
    work()
    assert mailoutbox[-1].subject == "Kata Laluan anda telah ditukar"
    assert gateway.texts[-1][1].startswith("RM0.00 PERKESO: Kata laluan anda telah ditukar.")


@pytest.mark.parametrize(
    ("data", "field", "sentence"),
    [
        ({"password": "pendek"}, "password", "Kata Laluan mesti sekurang-kurangnya 10 aksara"),
        (
            {"password": "aminah-1985-kereta"},
            "password",
            "Kata Laluan tidak boleh mengandungi nama atau nombor kad pengenalan anda",
        ),
        (
            {"password_confirmation": "lain"},
            "password_confirmation",
            "Kedua-dua kata laluan mesti sama",
        ),
    ],
)
def test_each_mistake_in_the_password_has_its_sentence(client, opened, data, field, sentence):
    assert errors(client.post(NEW, FRESH_TWICE | data), field) == [sentence]
    opened.refresh_from_db()
    assert opened.check_password(PASSWORD)


def test_a_link_works_once(client, opened):
    other = Browser()
    session = other.session
    session["link"] = EmailLink.objects.get(purpose="reset").pk
    session.save()
    assert "Tetapkan Kata Laluan baharu" in other.get(NEW).text
    client.post(NEW, FRESH_TWICE)
    assert "Pautan ini sudah digunakan." in other.post(NEW, FRESH_TWICE).text


def test_a_link_is_good_for_four_hours(opened, clock):
    clock.shift(timedelta(hours=4))
    client = Browser()  # the session that opened it before has ended meanwhile
    session = client.session
    session["link"] = EmailLink.objects.get(purpose="reset").pk
    session.save()
    page = client.get(NEW).text
    assert "Pautan untuk menetapkan Kata Laluan sah selama 4 jam." in page
    assert ">Hantar pautan baharu</button>" in page
    client.post("/akaun/pautan-baharu/")
    assert EmailLink.objects.filter(purpose="reset").count() == 2


def test_a_get_uses_nothing_up(client, opened, at):
    client.get(NEW)
    client.head(NEW)
    assert EmailLink.objects.get(purpose="reset").why_closed(at) == ""


def test_without_a_link_there_is_an_honest_page(client, db):
    assert "Kami tidak mengenali pautan ini." in client.get(NEW).text
    assert "Kami tidak mengenali pautan ini." in client.post(NEW, FRESH_TWICE).text


def test_an_activation_link_changes_no_password(client, db):
    aminah = make_account()
    session = client.session
    session["link"] = aminah.links.get().pk
    session.save()
    assert "Kami tidak mengenali pautan ini." in client.post(NEW, FRESH_TWICE).text
