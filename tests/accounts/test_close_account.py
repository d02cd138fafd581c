"""Closing an account: what goes, what the law keeps, and not while money is on its way."""

import pytest

from accounts.models import LogIn, User
from foundation.audit import AuditEvent
from registration.models import Registration
from tests.accounts.pages import errors, lands, prove
from tests.browser import Browser
from tests.factories import (
    AT,
    PASSWORD,
    make_account,
    make_contribution,
    make_payment,
    make_receipt,
    make_registration,
    make_user,
)

PATH = "/profil/tutup/"
YES = {"has_understood": "on"}


@pytest.fixture
def aminah(client, db):
    """Covered for a month, half-way in a second registration, signed in and proved."""
    aminah = make_user(ic_number="850101145523")
    make_receipt(make_registration(aminah, "submitted"))
    make_registration(aminah, "draft", sector="bus")
    LogIn.objects.create(user=aminah, browser="Chrome", at=AT)
    client.force_login(aminah)
    prove(client, aminah, PATH)
    return aminah


def test_the_page_is_honest_about_running_cover(client, aminah):
    page = client.get(PATH).text
    assert "Perlindungan anda (Teksi) dari 22\xa0Nov\xa02026" in page
    assert "kekal sah walaupun akaun ditutup" in page
    assert "Resit, bayaran, caruman dan tempoh perlindungan: 7 tahun" in page


def test_it_closes_the_account(client, aminah):
    elsewhere = Browser()
    elsewhere.force_login(aminah)
    assert lands(client.post(PATH, YES), "/")
    assert elsewhere.get("/saya/").status_code == 302
    aminah.refresh_from_db()
    assert aminah.closed_at == AT
    assert not User.objects.opened().filter(pk=aminah.pk).exists()
    client.post("/log-masuk/", {"ic_number": "850101145523"})
    assert client.post("/log-masuk/kata-laluan/", {"password": PASSWORD}).status_code == 200


def test_what_the_law_does_not_keep_goes(client, aminah):
    client.post(PATH, YES)
    aminah.refresh_from_db()
    assert aminah.secret_phrase == ""
    assert not aminah.has_usable_password()
    assert not aminah.log_ins.exists()
    assert not aminah.known_devices.exists()
    assert not Registration.objects.for_user(aminah).filter(sector="bus").exists()


def test_money_receipts_and_cover_stay(client, aminah):
    client.post(PATH, YES)
    assert aminah.receipts.count() == 1
    assert Registration.objects.for_user(aminah).get().sector == "taxi"
    assert AuditEvent.objects.get(action="account_closed").by == aminah


def test_the_owner_is_told_by_mail_and_sms(client, aminah, work, mailoutbox, gateway):
    client.post(PATH, YES)
    work()
    assert "Akaun anda telah ditutup" in [mail.subject for mail in mailoutbox]
    assert "telah ditutup" in gateway.texts[-1][1]


def test_not_while_a_payment_is_undecided(client, aminah):
    registration = make_registration(aminah, "submitted", sector="e_hailing")
    payment = make_payment(make_contribution(registration))
    assert "belum diputuskan oleh bank" in client.get(PATH).text
    assert "belum diputuskan oleh bank" in client.post(PATH, YES).text
    aminah.refresh_from_db()
    assert aminah.closed_at is None
    assert payment.is_undecided


def test_the_box_must_be_ticked(client, aminah):
    assert errors(client.post(PATH, {}), "has_understood") == ["Tandakan kotak untuk meneruskan"]


def test_another_account_may_be_opened_with_the_number(client, aminah):
    client.post(PATH, YES)
    again = make_account(ic_number="850101145523")
    assert User.objects.opened().with_ic_number("850101145523").get() == again


def test_it_needs_a_fresh_proof(client, db):
    client.force_login(make_user())
    assert lands(client.post(PATH, YES), "/profil/pengesahan/")


def test_it_is_not_for_strangers(client, db):
    assert client.get(PATH).url.startswith("/log-masuk/")


def test_its_queries_are_few(client, aminah, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        client.get(PATH)
