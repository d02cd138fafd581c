"""The scheme's plans and rates, and the one that a driver ticks."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from contributions.models import Plan, PlanChoice, PlanRate
from contributions.services import plans
from foundation.wording import ringgit
from tests.factories import get_rate, make_registration, make_user

pytestmark = pytest.mark.django_db
KUALA_LUMPUR = ZoneInfo("Asia/Kuala_Lumpur")


@pytest.mark.parametrize(
    ("plan", "months", "amount"),
    [
        pytest.param(1, 1, "RM13.10", id="P1"),
        pytest.param(1, 12, "RM157.20", id="plan-1-yearly"),
        pytest.param(2, 1, "RM19.40", id="plan-2-monthly"),
        pytest.param(2, 12, "RM232.80", id="P2"),
        pytest.param(3, 1, "RM36.90", id="P3"),
        pytest.param(3, 12, "RM442.80", id="plan-3-yearly"),
        pytest.param(4, 1, "RM49.40", id="plan-4-monthly"),
        pytest.param(4, 12, "RM592.80", id="P4"),
    ],
)
def test_a_rate_costs_what_the_scheme_says(plan, months, amount):
    rate = get_rate(plan, months)
    assert isinstance(rate.amount, Decimal)  # P8
    assert ringgit(rate.amount) == amount


@pytest.mark.parametrize(
    ("plan", "earnings"), [(1, "1050.00"), (2, "1550.00"), (3, "2950.00"), (4, "3950.00")]
)
def test_a_plan_insures_what_the_scheme_says(plan, earnings):
    assert Plan.objects.get(number=plan).insured_monthly_earnings == Decimal(earnings)


@pytest.mark.parametrize("plan", plans.PLANS)
def test_a_year_costs_twelve_months(plan):
    assert get_rate(plan, 12).amount == 12 * get_rate(plan, 1).amount


def test_p5_there_are_no_other_plans():
    numbers = Plan.objects.values_list("number", flat=True)
    assert list(numbers) == list(plans.PLANS)


def test_p6_nothing_is_paid_for_three_months():
    assert set(PlanRate.objects.values_list("months", flat=True)) == {1, 12}


def test_loading_again_changes_nothing():
    get_rate(1, 12)
    days = {"available_from": date(2020, 1, 1), "available_to": date(2030, 1, 1)}
    PlanRate.objects.filter(plan__number=1, months=1).update(**days)
    before = list(PlanRate.objects.values())
    assert plans.load_plans() == 0
    assert list(PlanRate.objects.values()) == before


def test_loading_writes_what_is_missing(capsys):
    PlanRate.objects.filter(months=12).delete()
    call_command("load_plans")
    assert capsys.readouterr().out == f"{len(plans.PLANS)} rates loaded\n"
    assert PlanRate.objects.count() == len(plans.RATES)


@pytest.mark.parametrize("changes", [{"amount": 0}, {"amount": Decimal("-1")}, {"months": 0}])
def test_the_database_refuses_a_rate_that_is_none(changes):
    rate = get_rate()
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanRate.objects.filter(pk=rate.pk).update(**changes)


def test_the_database_refuses_two_rates_from_one_day():
    rate = get_rate()
    rate.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        rate.save()


# --- on offer ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "months"),
    [
        (date(2017, 5, 31), set()),
        (date(2017, 6, 1), {12}),
        (date(2018, 12, 31), {12}),
        (date(2019, 1, 1), {1, 12}),
        (date(2026, 11, 22), {1, 12}),
    ],
)
def test_rates_are_on_offer_from_their_day(day, months):
    assert {rate.months for rate in PlanRate.objects.on_offer(day)} == months


def test_a_rate_is_on_offer_through_its_last_day():
    PlanRate.objects.update(available_to=date(2026, 11, 22))
    assert PlanRate.objects.on_offer(date(2026, 11, 22)).count() == len(plans.RATES)
    assert not PlanRate.objects.on_offer(date(2026, 11, 23)).exists()


# --- choose_plan ---------------------------------------------------------------------------
@pytest.fixture
def registration():
    return make_registration(make_user())


def test_choose_plan_keeps_what_was_ticked(registration, at):
    plans.choose_plan(registration=registration, rate=get_rate(2, 12), at=at)
    choice = PlanChoice.objects.get(registration=registration)
    assert (choice.rate, choice.chosen_at) == (get_rate(2, 12), at)


def test_choose_plan_replaces_the_earlier_tick(registration, at):
    plans.choose_plan(registration=registration, rate=get_rate(2, 12), at=at)
    plans.choose_plan(registration=registration, rate=get_rate(3, 1), at=at + timedelta(minutes=1))
    choice = PlanChoice.objects.get()
    assert (choice.rate, choice.chosen_at) == (get_rate(3, 1), at + timedelta(minutes=1))


def test_c25_a_month_could_not_be_chosen_at_the_launch(registration):
    launch = datetime(2017, 6, 1, tzinfo=KUALA_LUMPUR)
    with pytest.raises(plans.RateNotOnOffer):
        plans.choose_plan(registration=registration, rate=get_rate(1, 1), at=launch)
    plans.choose_plan(registration=registration, rate=get_rate(1, 12), at=launch)


def test_the_day_on_offer_is_malaysias(registration):
    midnight = datetime(2018, 12, 31, 16, 0, tzinfo=ZoneInfo("UTC"))  # 2019 in Kuala Lumpur
    with pytest.raises(plans.RateNotOnOffer):
        plans.choose_plan(
            registration=registration, rate=get_rate(1, 1), at=midnight - timedelta(seconds=1)
        )
    plans.choose_plan(registration=registration, rate=get_rate(1, 1), at=midnight)
