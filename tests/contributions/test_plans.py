"""The scheme's plans and rates, and the one that a driver ticks."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from contributions.models import PlanChoice, PlanRate
from contributions.services import plans
from foundation.wording import ringgit
from tests.factories import follow_rate, get_rate, make_contribution, make_registration, make_user

pytestmark = pytest.mark.django_db
FIRST = date(2027, 1, 1)
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
    assert get_rate(plan).insured_monthly_earnings == Decimal(earnings)


@pytest.mark.parametrize("plan", plans.PLANS)
def test_a_year_costs_twelve_months(plan):
    assert get_rate(plan, 12).amount == 12 * get_rate(plan, 1).amount


def test_p5_there_are_no_other_plans():
    assert set(PlanRate.objects.values_list("plan_number", flat=True)) == set(plans.PLANS)


def test_p6_nothing_is_paid_for_three_months():
    assert set(PlanRate.objects.values_list("months", flat=True)) == {1, 12}


def test_loading_again_changes_nothing(at):
    follow_rate(amount="14.00")
    before = list(PlanRate.objects.values())
    assert plans.load_plans() == 0
    assert list(PlanRate.objects.values()) == before


def test_loading_writes_what_is_missing(capsys):
    PlanRate.objects.filter(months=12).delete()
    call_command("load_plans")
    assert capsys.readouterr().out == f"{len(plans.PLANS)} rates loaded\n"
    assert PlanRate.objects.count() == len(plans.RATES)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"amount": Decimal("0.99")}, "plan_rate_real"),
        ({"amount": Decimal("30000.01")}, "plan_rate_real"),
        ({"months": 0}, "plan_rate_real"),
        ({"months": 7}, "plan_rate_real"),
        ({"insured_monthly_earnings": 0}, "plan_rate_real"),
        ({"available_to": date(2018, 12, 31)}, "plan_rate_in_order"),
        ({}, "plan_rate_once_a_day"),
        ({"available_from": date(2027, 1, 1)}, "plan_rate_once_a_day"),
    ],
)
def test_the_database_refuses_a_rate_that_is_none(changes, constraint):
    rate = get_rate()
    rate.pk = None
    for name, value in changes.items():
        setattr(rate, name, value)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        rate.save(force_insert=True)


@pytest.mark.parametrize(
    "changes", [{"amount": 14}, {"insured_monthly_earnings": 99}, {"available_from": FIRST}]
)
def test_the_database_edits_no_rate(changes):
    with pytest.raises(IntegrityError, match="let another follow"), transaction.atomic():
        PlanRate.objects.filter(pk=get_rate().pk).update(**changes)


@pytest.mark.parametrize("day", [date(2026, 12, 2), None])
def test_the_database_puts_off_no_end(day):
    mine = PlanRate.objects.filter(pk=get_rate().pk)
    mine.update(available_to=date(2026, 12, 1))
    with pytest.raises(IntegrityError, match="let another follow"), transaction.atomic():
        mine.update(available_to=day)


# --- follow_rate ---------------------------------------------------------------------------
def test_a_rate_follows_and_what_was_on_offer_ends_the_day_before():
    old = get_rate()
    new = follow_rate(amount="15.00", insured="1200.00", on=FIRST)
    old.refresh_from_db()
    assert (old.amount, old.available_to) == (Decimal("13.10"), date(2026, 12, 31))
    assert (new.amount, new.insured_monthly_earnings) == (Decimal("15.00"), Decimal("1200.00"))
    assert (new.available_from, new.available_to) == (FIRST, None)


def test_a_rate_ends_and_none_follows():
    assert follow_rate(amount=None, on=FIRST) is None
    assert get_rate().available_to == date(2026, 12, 31)


def test_what_was_planned_for_later_never_comes():
    follow_rate(amount="15.00", on=FIRST)
    follow_rate(amount="16.00", on=date(2026, 12, 1))
    rates = PlanRate.objects.filter(plan_number=1, months=1).order_by("available_from")
    assert [(rate.amount, rate.available_to) for rate in rates] == [
        (Decimal("13.10"), date(2026, 11, 30)),
        (Decimal("16.00"), None),
    ]


@pytest.mark.parametrize("day", [date(2026, 11, 21), date(2026, 11, 22)])
def test_what_is_on_offer_today_is_not_changed(at, day):
    price = plans.Price(Decimal(15), Decimal(1050))
    with pytest.raises(plans.FollowsTooSoon):
        plans.follow_rate(plan_number=1, months=1, effective_from=day, price=price, at=at)


def test_drafts_and_sums_owed_that_hold_a_rate_are_counted(at):
    for name in ("Aminah", "Boon"):
        plans.choose_plan(registration=make_registration(make_user(name)), rate=get_rate(), at=at)
    make_contribution(make_registration(make_user("Chandran"), "submitted"))
    make_contribution(make_registration(make_user("Devi"), "submitted"), plan=2)
    assert plans.held(plan_number=1, months=1) == plans.Held(ticked=2, owed=1)


# --- the least price -----------------------------------------------------------------------
def test_the_least_price_is_todays(at):
    assert plans.least_by_the_month(at) == Decimal("13.10")
    follow_rate(amount="15.00")
    assert plans.least_by_the_month(at) == Decimal("15.00")


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
