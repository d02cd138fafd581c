"""Renewal in one press: the same plan, the last bank, and the services of the long way."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from contributions.models import Contribution, CoveragePeriod, PlanChoice
from payments.models import Bank, Payment
from registration.models import Registration, SupportingDocument
from tests.factories import (
    follow_rate,
    make_banks,
    make_contribution,
    make_payment,
    make_registration,
    make_user,
    tell,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
PAGE = "/memperbaharui/"
DAY = timedelta(days=1)
BOX = "Sama seperti dahulu"


@pytest.fixture
def aminah(client):
    aminah = make_user("Aminah binti Ali")
    client.force_login(aminah)
    return aminah


@pytest.fixture
def paid(aminah, at):
    """Aminah paid by the month, through Bank Islam, so many days ago."""

    def paid(days):
        registration = make_registration(aminah, "approved", at=at - days * DAY)
        contribution = make_contribution(registration, at=at - days * DAY)
        payment = make_payment(contribution, at=at - days * DAY)
        tell(payment, at=at - days * DAY)
        make_banks(at=at)
        return registration

    return paid


def press(client, registration, **typed):
    """What the box sends: the plan that it showed, and the bank of last time."""
    last = Payment.objects.latest("started_at")
    values = {"rate": registration.plan_choice.rate_id, "bank": last.bank_id}
    url = f"{reverse('payments:renew_at_once')}?pendaftaran={registration.public_id}"
    return client.post(url, values | typed, follow=True)


def test_the_box_says_what_one_press_buys(client, paid):
    paid(28)
    page = client.get(PAGE).text
    for words in [BOX, "Teksi, Pelan 1", "RM13.10", "Dokumen anda sah hingga 31\xa0Dis\xa02030"]:
        assert words in page
    assert "Perlindungan bersambung dari" in page
    assert "Maklumat yang kami ada" in page  # the long way stays, on the same page


def test_one_press_leads_to_the_bank(client, paid, at):
    registration = paid(28)
    answer = press(client, registration)
    started = Payment.objects.latest("started_at")
    assert answer.redirect_chain == [(f"/bayaran/{started.reference}/pergi/", 302)]
    assert "Teruskan ke bank" in answer.text
    assert started.started_at == at
    assert started.contribution.status == Contribution.Status.OPEN
    assert Registration.objects.get().confirmed_at == at


def test_what_it_buys_is_what_the_box_said(client, paid, at):
    registration = paid(28)
    page = client.get(PAGE)
    press(client, registration)
    promised = page.context["same_again"].period
    tell(Payment.objects.latest("started_at"), at=at + timedelta(minutes=3))
    bought = CoveragePeriod.objects.of(registration).cover(at).queued
    assert bought == promised


def test_after_a_lapse_it_says_that_cover_begins_with_the_payment(client, paid):
    paid(40)
    page = client.get(PAGE).text
    assert "Perlindungan bermula pada saat bayaran berjaya." in page
    assert "Perlindungan bersambung" not in page


def test_a_double_tap_begins_one_payment(client, paid):
    registration = paid(28)
    press(client, registration)
    press(client, registration)
    assert Payment.objects.filter(status="started").count() == 1


def expire_licence(registration, at):
    SupportingDocument.objects.update(expiry_date=date(2026, 11, 21))


def forget_the_plan(registration, at):
    registration.plan_choice.delete()


def raise_the_price(registration, at):
    follow_rate(on=at.date())


def pay_undecided(registration, at):
    make_payment(make_contribution(registration, at=at), at=at)


def buy_the_next_period(registration, at):
    tell(make_payment(make_contribution(registration, at=at), at=at), at=at)


@pytest.mark.parametrize(
    "first",
    [
        expire_licence,
        forget_the_plan,
        raise_the_price,
        pay_undecided,
        buy_the_next_period,
    ],
)
def test_whatever_must_be_looked_at_first_has_no_box(client, paid, at, first):
    first(paid(28), at)
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert BOX not in answer.text


def test_without_a_list_of_banks_the_long_way_stays(client, paid):
    """And nobody waits for FPX to see what we know."""
    paid(28)
    Bank.objects.all().delete()
    answer = client.get(PAGE)
    assert BOX not in answer.text
    assert "Maklumat yang kami ada" in answer.text


@pytest.mark.parametrize(
    ("first", "words"),
    [
        (expire_licence, "tamat tempoh"),
        (raise_the_price, "telah berubah"),
        (buy_the_next_period, "sudah dibayar"),
    ],
)
def test_what_happened_since_the_page_was_opened_is_said(client, paid, at, first, words):
    registration = paid(28)
    client.get(PAGE)
    before = Payment.objects.count()
    first(registration, at)
    after = Payment.objects.count()
    answer = press(client, registration)
    assert words in answer.text
    assert Payment.objects.count() == after >= before


def test_a_plan_changed_in_another_tab_is_not_sold_unseen(client, paid):
    registration = paid(28)
    answer = press(client, registration, rate=0)
    assert "Pelan anda telah bertukar. Semak sekali lagi." in answer.text
    assert BOX in answer.text


def test_a_page_whose_plan_is_gone_sells_nothing(client, paid):
    registration = paid(28)
    rate = registration.plan_choice.rate_id
    PlanChoice.objects.all().delete()
    answer = press(client, registration, rate=rate)
    assert "Pelan anda telah bertukar. Semak sekali lagi." in answer.text
    assert not Payment.objects.filter(status="started").exists()


def test_what_the_box_does_not_ask_for_counts_for_nothing(client, paid):
    press(client, paid(28), email="tiada alamat")
    assert Payment.objects.filter(status="started").count() == 1


@pytest.mark.parametrize("bank", ["", "TIADA", "RHB0218"])
def test_a_bank_that_cannot_be_chosen_is_said(client, paid, bank):
    answer = press(client, paid(28), bank=bank)
    assert ("Pilih bank" in answer.text) or ("Offline" in answer.text)
    assert not Payment.objects.filter(status="started").exists()


def test_nobody_renews_for_another(client, paid, at):
    registration = paid(28)
    client.force_login(make_user("Chandran"))
    assert press(client, registration).status_code == 404
    assert Payment.objects.count() == 1


@pytest.mark.parametrize("named", ["", "?pendaftaran=", "?pendaftaran=x", "?pendaftaran=1'"])
def test_an_address_that_names_nothing_is_not_found(client, paid, named):
    paid(28)
    assert client.post(f"{PAGE}terus/{named}").status_code == 404


def test_the_page_keeps_its_number_of_statements(client, paid, django_assert_max_num_queries):
    paid(28)
    with django_assert_max_num_queries(12):
        client.get(PAGE)
