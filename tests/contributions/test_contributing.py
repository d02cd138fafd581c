"""From a ticked plan to a sum owed: one open contribution, at most one queued period."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from contributions.models import Contribution, CoveragePeriod, PlanRate
from contributions.services import contributing, plans
from foundation.states import ForbiddenMove, StaleStatus, move
from registration.models import Registration
from registration.services import submission
from tests.by_hand import by_hand
from tests.factories import (
    decide,
    follow_rate,
    get_rate,
    make_contribution,
    make_cover,
    make_officer,
    make_registration,
    make_user,
)

pytestmark = pytest.mark.django_db
Status = Contribution.Status
MONTH = timedelta(days=31)
PAYABLE = ["submitted", "approved"]


@pytest.fixture
def aminah():
    return make_user()


@pytest.fixture
def registration(aminah):
    return make_registration(aminah, "submitted")


def tick(registration, plan=1, months=1, *, at):
    plans.choose_plan(registration=registration, rate=get_rate(plan, months), at=at)


# --- start_contribution --------------------------------------------------------------------
def test_start_contribution_copies_the_plan(registration, at):
    tick(registration, 2, 12, at=at)
    owed = contributing.start_contribution(registration=registration, at=at)
    assert owed.status == Status.OPEN
    assert (owed.plan_number, owed.months) == (2, 12)
    assert (owed.insured_monthly_earnings, owed.amount) == (Decimal("1550.00"), Decimal("232.80"))
    assert owed.created_at == at


def test_a_change_of_price_leaves_what_is_owed(registration, at):
    owed = make_contribution(registration, plan=1, months=1)
    follow_rate(amount="99.00")
    owed.refresh_from_db()
    assert owed.amount == Decimal("13.10")


def test_the_same_choice_keeps_the_open_one(registration, at):
    owed = make_contribution(registration, plan=3, months=1)
    again = make_contribution(registration, plan=3, months=1, at=at + timedelta(hours=1))
    assert again == owed
    assert Contribution.objects.count() == 1


@pytest.mark.parametrize(("plan", "months"), [(2, 1), (1, 12)])
def test_another_choice_drops_the_open_one(registration, aminah, at, plan, months):
    owed = make_contribution(registration, plan=1, months=1)
    other = make_contribution(registration, plan=plan, months=months, at=at + timedelta(hours=1))
    owed.refresh_from_db()
    assert owed.status == Status.DROPPED
    assert other.status == Status.OPEN
    change = owed.status_changes.get()
    assert (change.from_status, change.to_status) == ("open", "dropped")
    assert (change.by, change.at) == (aminah, at + timedelta(hours=1))


def test_a_new_price_is_another_choice(registration, at):
    owed = make_contribution(registration, plan=1, months=1)
    follow_rate(amount="14.00")
    other = make_contribution(registration, plan=1, months=1)
    assert other.pk != owed.pk
    assert other.amount == Decimal("14.00")


def test_a_held_contribution_is_never_dropped(registration, at):
    owed = make_contribution(registration, plan=1, months=1)
    contributing.hold_contribution(contribution=owed, at=at)
    with pytest.raises(contributing.ContributionHeld) as refusal:
        make_contribution(registration, plan=2, months=1)
    assert refusal.value.contribution == owed
    owed.refresh_from_db()
    assert (owed.status, owed.held_at) == (Status.OPEN, at)
    assert owed.is_held


def test_a_held_contribution_is_kept_by_the_same_choice(registration, at):
    owed = make_contribution(registration, plan=1, months=1)
    contributing.hold_contribution(contribution=owed, at=at)
    assert make_contribution(registration, plan=1, months=1) == owed


def test_a_released_contribution_may_be_dropped(registration, at):
    owed = make_contribution(registration, plan=1, months=1)
    contributing.hold_contribution(contribution=owed, at=at)
    contributing.release_contribution(contribution=owed, at=at)
    assert make_contribution(registration, plan=2, months=1) != owed


def test_start_contribution_needs_a_ticked_plan(registration, at):
    with pytest.raises(contributing.PlanNotChosen):
        contributing.start_contribution(registration=registration, at=at)


def test_start_contribution_refuses_a_rate_since_withdrawn(registration, at):
    tick(registration, at=at)
    PlanRate.objects.update(available_to=at.date())
    with pytest.raises(plans.RateNotOnOffer):
        contributing.start_contribution(registration=registration, at=at + timedelta(days=1))


@pytest.mark.parametrize("status", [one for one in Registration.Status if one not in PAYABLE])
def test_nothing_is_owed_for_a_registration_that_may_not_pay(aminah, at, status):
    registration = make_registration(aminah, status)
    tick(registration, at=at)
    with pytest.raises(contributing.MayNotPay):
        contributing.start_contribution(registration=registration, at=at)
    assert not Contribution.objects.exists()


@pytest.mark.parametrize("status", PAYABLE)
def test_something_is_owed_for_one_that_may(aminah, at, status):
    registration = make_registration(aminah, status)
    tick(registration, at=at)
    assert contributing.start_contribution(registration=registration, at=at).status == Status.OPEN


# --- at most one queued period -------------------------------------------------------------
def test_a_covered_person_may_buy_the_next_period(registration, at):
    make_cover(registration)
    assert make_contribution(registration, at=at + timedelta(days=1)).status == Status.OPEN


def test_c22b_no_third_period_is_sold(registration, at):
    first = make_cover(registration)
    make_cover(registration, issued_at=at + timedelta(days=1))
    with pytest.raises(contributing.NextPeriodAlreadyBought) as refusal:
        make_contribution(registration, at=at + timedelta(days=2))
    assert refusal.value.renewable_from == first.coverage_ends_at
    assert not Contribution.objects.open().exists()


def test_c22b_it_is_sold_from_the_day_that_the_page_names(registration, at):
    first = make_cover(registration)
    make_cover(registration, issued_at=at + timedelta(days=1))
    with pytest.raises(contributing.NextPeriodAlreadyBought):
        make_contribution(registration, at=first.coverage_ends_at - timedelta(seconds=1))
    assert make_contribution(registration, at=first.coverage_ends_at).status == Status.OPEN


def test_another_sectors_queue_is_its_own(aminah, registration, at):
    make_cover(registration)
    make_cover(registration, issued_at=at + timedelta(days=1))
    bus = make_registration(aminah, "submitted", sector="bus")
    assert make_contribution(bus, at=at + timedelta(days=2)).status == Status.OPEN


def test_another_persons_queue_is_his_own(registration, at):
    make_cover(registration)
    make_cover(registration, issued_at=at + timedelta(days=1))
    boon = make_registration(make_user("Tan Boon Keat"), "submitted")
    assert make_contribution(boon, at=at + timedelta(days=2)).status == Status.OPEN


# --- submit_and_pay ------------------------------------------------------------------------
def test_submit_and_pay_submits_and_owes(aminah, at):
    draft = make_registration(aminah)
    tick(draft, 4, 12, at=at)
    owed = contributing.submit_and_pay(registration=draft, by=aminah, at=at)
    draft.refresh_from_db()
    assert (draft.status, draft.submitted_at) == (Registration.Status.SUBMITTED, at)
    assert (owed.registration, owed.amount) == (draft, Decimal("592.80"))


def test_submit_and_pay_owes_nothing_while_an_officer_must_look(aminah, at):
    draft = make_registration(aminah, region="sabah")
    tick(draft, at=at)
    assert contributing.submit_and_pay(registration=draft, by=aminah, at=at) is None
    draft.refresh_from_db()
    assert draft.status == Registration.Status.REFERRED
    assert not Contribution.objects.exists()


def test_submit_and_pay_is_all_or_nothing(aminah, at):
    draft = make_registration(aminah)
    with pytest.raises(contributing.PlanNotChosen):
        contributing.submit_and_pay(registration=draft, by=aminah, at=at)
    draft.refresh_from_db()
    assert draft.status == Registration.Status.DRAFT
    assert not draft.status_changes.exists()


def test_submit_and_pay_lets_the_rules_speak(aminah, at):
    draft = make_registration(aminah, kinds=["lesen"])
    tick(draft, at=at)
    with pytest.raises(submission.NotEligible):
        contributing.submit_and_pay(registration=draft, by=aminah, at=at)
    assert not Contribution.objects.exists()


def test_submit_and_pay_twice_owes_once(aminah, at):
    draft = make_registration(aminah)
    tick(draft, at=at)
    first = contributing.submit_and_pay(registration=draft, by=aminah, at=at)
    assert contributing.submit_and_pay(registration=draft, by=aminah, at=at) == first
    assert Contribution.objects.count() == 1


# --- the life cycle ------------------------------------------------------------------------
@pytest.mark.parametrize("from_status", Status.values)
@pytest.mark.parametrize("to_status", Status.values)
def test_a_contribution_moves_as_the_table_says(registration, at, from_status, to_status):
    owed = make_contribution(registration)
    with by_hand():
        Contribution.objects.filter(pk=owed.pk).update(status=from_status)
    owed.refresh_from_db()
    if to_status in Contribution.TRANSITIONS[from_status]:
        move(owed, to_status, at=at)
        assert owed.status_changes.get().to_status == to_status
    else:
        with pytest.raises(ForbiddenMove):
            move(owed, to_status, at=at)
        assert not owed.status_changes.exists()


def test_the_table_names_every_status():
    assert set(Contribution.TRANSITIONS) == set(Status)


def test_a_stale_twin_loses(registration, at):
    owed = make_contribution(registration)
    twin = Contribution.objects.get(pk=owed.pk)
    move(owed, Status.PAID, at=at)
    with pytest.raises(StaleStatus):
        move(twin, Status.DROPPED, at=at)


def test_the_database_keeps_one_open_contribution(registration):
    owed = make_contribution(registration)
    twin = Contribution(
        registration=registration,
        plan_number=1,
        insured_monthly_earnings=owed.insured_monthly_earnings,
        months=1,
        amount=owed.amount,
        created_at=owed.created_at,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


@pytest.mark.parametrize("changes", [{"amount": 0}, {"months": 0}])
def test_the_database_refuses_a_contribution_of_nothing(registration, changes):
    owed = make_contribution(registration)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contribution.objects.filter(pk=owed.pk).update(**changes)


def test_contributions_are_fetched_by_their_owner(registration):
    make_contribution(registration)
    assert Contribution.objects.for_user(registration.user).count() == 1
    assert not Contribution.objects.for_user(make_user("Chandran a/l Raju")).exists()


def test_a_decision_shortens_no_cover(registration, at):
    period = make_cover(registration)
    registration.refresh_from_db()
    decide(registration, "rejected", make_officer(), at + timedelta(days=1))
    assert CoveragePeriod.objects.get() == period
