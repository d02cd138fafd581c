"""The page on which whoever paid twice says what becomes of the second money."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from payments.models import PaymentCase, Refund
from receipts.models import Receipt
from tests.factories import (
    decide,
    make_double_payment,
    make_officer,
    make_receipt,
    make_refund,
    make_user,
)


@pytest.fixture(autouse=True)
def clock(at):
    with time_machine.travel(at + timedelta(hours=2), tick=False) as traveller:
        yield traveller


@pytest.fixture
def case(contribution):
    return make_double_payment(contribution)


@pytest.fixture
def signed_in(client, aminah):
    client.force_login(aminah)
    return client


def url_of(case):
    return f"/bayaran/{case.payment.reference}/dua-kali/"


def payment_page(case):
    return f"/bayaran/{case.payment.reference}/"


def choose(client, case, choice):
    answer = client.post(url_of(case), {"choice": choice}, follow=True)
    return answer.text.replace("\xa0", " ")


def test_it_tells_what_each_choice_would_do(signed_in, case):
    text = signed_in.get(url_of(case)).text.replace("\xa0", " ")
    assert "22 Dis 2026" in text
    assert "22 Jan 2027" in text
    assert "Pulangkan wang saya" in text
    assert "RM13.10" in text


def test_the_payment_page_leads_here(signed_in, case):
    assert f'href="{url_of(case)}"' in signed_in.get(payment_page(case)).text


def test_the_next_period_is_chosen(signed_in, case):
    text = choose(signed_in, case, "next_period")
    receipt = Receipt.objects.get(payment_reference=case.payment.reference)
    assert "Pilihan anda disimpan" in text
    assert "22 Dis 2026" in text
    assert f"/resit/{receipt.public_id}/" in text
    assert "dua-kali" not in text


def test_a_refund_is_chosen_and_changed(signed_in, case):
    text = choose(signed_in, case, "refund")
    assert "Anda memilih bayaran balik pada 22 Nov 2026" in text
    assert "Tukar pilihan" in text
    assert "Anda menggunakan wang ini" in choose(signed_in, case, "next_period")


@pytest.mark.parametrize("choice", ["", "lain"])
def test_no_choice_is_told(signed_in, case, choice):
    page = signed_in.post(url_of(case), {"choice": choice})
    code = "invalid_choice" if choice else "required"
    assert page.context["form"].errors.as_data()["choice"][0].code == code
    assert PaymentCase.objects.get(pk=case.pk).refund_chosen_at is None


@pytest.mark.parametrize(
    ("why", "words"),
    [("queued", "sudah dibayar"), ("rejected", "belum boleh dibayar")],
)
def test_where_no_period_may_be_bought_only_the_refund_is_offered(
    signed_in, case, contribution, at, why, words
):
    if why == "queued":
        make_receipt(contribution.registration, issued_at=at + timedelta(hours=1))
    else:
        contribution.registration.refresh_from_db()
        decide(contribution.registration, "rejected", make_officer())
    page = signed_in.get(url_of(case))
    assert words in page.text
    assert 'value="next_period"' not in page.text
    refused = signed_in.post(url_of(case), {"choice": "next_period"})
    assert refused.context["form"].errors.as_data()["choice"][0].code == "invalid_choice"
    assert "Anda memilih bayaran balik" in choose(signed_in, case, "refund")


def test_a_period_bought_meanwhile_is_told_and_nothing_is_lost(signed_in, case, monkeypatch, at):
    page_before = signed_in.get(url_of(case))
    make_receipt(case.payment.contribution.registration, issued_at=at + timedelta(hours=1))
    assert 'value="next_period"' in page_before.text
    period = page_before.context["period"]
    monkeypatch.setattr("payments.services.double_payments.next_period_of", lambda **_case: period)
    assert "sudah dibayar" in choose(signed_in, case, "next_period")
    assert PaymentCase.objects.get(pk=case.pk).status == "open"


@pytest.mark.parametrize("status", [one for one in Refund.Status if one != "refused"])
def test_once_money_moves_the_steps_are_told_instead(signed_in, case, status):
    refund = make_refund(case, status)
    answer = signed_in.get(url_of(case), follow=True)
    assert answer.redirect_chain == [(payment_page(case), 302)]
    assert "Bayaran balik RM13.10" in answer.text
    assert len(re.findall("<li>\\s*22\xa0Nov", answer.text)) == refund.status_changes.count()
    assert "dua-kali" not in answer.text


def test_after_a_refusal_he_may_choose_again(signed_in, case):
    make_refund(case, "refused")
    assert signed_in.get(url_of(case)).status_code == 200


def test_a_get_chooses_nothing(signed_in, case):
    signed_in.get(url_of(case) + "?choice=refund")
    assert PaymentCase.objects.get(pk=case.pk).refund_chosen_at is None


def test_not_for_strangers(client, case):
    assert client.get(url_of(case)).headers["Location"].startswith("/log-masuk/")
    client.force_login(make_user("Chandran"))
    assert client.get(url_of(case)).status_code == 404
    assert client.post(url_of(case), {"choice": "refund"}).status_code == 404


def test_a_payment_that_is_not_double_has_no_such_page(signed_in, payment):
    assert signed_in.get(f"/bayaran/{payment.reference}/dua-kali/").status_code == 404


@pytest.mark.parametrize("page", [url_of, payment_page])
def test_its_queries_are_few(signed_in, case, page):
    if page is payment_page:
        make_refund(case, "refused")
    signed_in.get(page(case))
    with CaptureQueriesContext(connection) as queries:
        assert signed_in.get(page(case)).status_code == 200
    assert len(queries) <= 7
