"""The plan page: every plan, by the month or by the year."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from contributions.models import PlanChoice, PlanRate
from contributions.services.plans import PLANS, RATES
from tests.factories import make_contribution, make_cover, make_registration, make_user

URL = reverse("contributions:choose_plan")
CHECK = reverse("contributions:check_answers")
OVERVIEW = reverse("registration:overview")


@pytest.fixture
def draft(aminah):
    return make_registration(aminah)


def test_choose_plan_offers_every_plan_by_month_and_year(signed_in, draft):
    page = signed_in.get(URL).text
    assert page.count('type="radio"') == len(RATES)
    for _plan, months, amount, _from in RATES:
        assert f"RM{amount} {'sebulan' if months == 1 else 'setahun'}" in page
    assert "Pendapatan bulanan diinsuranskan RM3,950.00" in page
    assert page.count("<h1") == 1


def test_the_first_plan_is_the_fifth_step(signed_in, draft):
    assert "Langkah 5 daripada 6" in signed_in.get(URL).text


def test_a_renewal_has_no_steps(signed_in, draft, at):
    make_cover(draft, issued_at=at - timedelta(days=20))
    assert "daripada 6" not in signed_in.get(URL).text


def test_choose_plan_keeps_the_choice_and_goes_on_to_check(signed_in, draft, at):
    answer = signed_in.post(URL, {"rate": "2-12"})
    assert (answer.status_code, answer["Location"]) == (302, CHECK)
    choice = PlanChoice.objects.get(registration=draft)
    assert (choice.rate.plan_number, choice.rate.months, choice.chosen_at) == (2, 12, at)


def test_choose_plan_shows_what_was_chosen(signed_in, draft):
    signed_in.post(URL, {"rate": "3-1"})
    page = signed_in.get(URL).text
    assert re.findall(r'value="([^"]+)"[^>]*checked', page) == ["3-1"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        pytest.param({}, "required", id="nothing"),
        pytest.param({"rate": ""}, "required", id="empty"),
        pytest.param({"rate": "99-1"}, "invalid_choice", id="P5"),
        pytest.param({"rate": "2-3"}, "invalid_choice", id="P6"),
        pytest.param({"rate": "<script>"}, "invalid_choice", id="nonsense"),
    ],
)
def test_choose_plan_asks_for_a_plan(signed_in, draft, typed, code):
    answer = signed_in.post(URL, typed)
    assert answer.context["form"].errors.as_data()["rate"][0].code == code
    assert answer.text.count("Pilih pelan caruman") >= 2
    assert "<title>Ralat: " in answer.text
    assert not PlanChoice.objects.exists()


def test_choose_plan_offers_what_is_on_offer_today(signed_in, draft):
    PlanRate.objects.filter(months=1).update(available_to=date(2026, 11, 21))
    assert signed_in.get(URL).text.count('type="radio"') == len(PLANS)
    assert "rate" in signed_in.post(URL, {"rate": "1-1"}).context["form"].errors


def test_choose_plan_says_that_cover_begins_when_paid(signed_in, draft):
    assert "Perlindungan bermula sebaik sahaja bayaran berjaya" in signed_in.get(URL).text


def test_choose_plan_says_that_a_renewal_begins_when_cover_ends(signed_in, draft, at):
    make_cover(draft, issued_at=at - timedelta(days=1))
    page = signed_in.get(URL).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "selepas yang sekarang tamat pada 21 Dis 2026, 10:00 pagi" in page


def test_c22b_choose_plan_refuses_a_third_period_and_says_from_when(signed_in, draft, at):
    make_cover(draft, issued_at=at - timedelta(days=3))
    make_cover(draft, issued_at=at - timedelta(days=2))
    page = signed_in.get(URL).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Tempoh berikutnya sudah dibayar" in page
    assert "19 Dis 2026, 10:00 pagi" in page
    assert 'type="radio"' not in page
    assert "19 Dis 2026" in signed_in.post(URL, {"rate": "1-1"}).text.replace(
        "\N{NO-BREAK SPACE}", " "
    )


# --- out of turn ---------------------------------------------------------------------------
def test_choose_plan_needs_a_registration(signed_in):
    assert signed_in.get(URL)["Location"] == OVERVIEW


@pytest.mark.parametrize("status", ["referred", "returned", "rejected"])
def test_choose_plan_waits_for_whose_turn_it_is(signed_in, aminah, status):
    make_registration(aminah, status)
    assert signed_in.get(URL)["Location"] == OVERVIEW
    assert signed_in.post(URL, {"rate": "1-1"})["Location"] == OVERVIEW
    assert not PlanChoice.objects.exists()


def test_choose_plan_needs_the_documents_first(signed_in, aminah):
    make_registration(aminah, kinds=["lesen"])
    assert signed_in.get(URL)["Location"] == OVERVIEW


@pytest.mark.parametrize("status", ["submitted", "approved"])
def test_choose_plan_is_for_renewals_too(signed_in, aminah, status):
    make_registration(aminah, status)
    assert signed_in.get(URL).status_code == 200


def test_choose_plan_is_closed(client, db):
    assert reverse("accounts:log_in") in client.get(URL)["Location"]


def test_choose_plan_of_another_person_is_another_plan(signed_in, draft):
    boon = make_registration(make_user("Tan Boon Keat"))
    signed_in.post(URL, {"rate": "1-1"})
    assert not PlanChoice.objects.filter(registration=boon).exists()


def test_choose_plan_asks_little(signed_in, draft, at, django_assert_max_num_queries):
    make_contribution(draft, at=at)
    make_cover(draft, issued_at=at - timedelta(days=40))
    with django_assert_max_num_queries(1 + 6):  # the session's, and the page's
        page = signed_in.get(URL)
    assert page.status_code == 200
    assert len(page.content) < 20_000
