"""What a paid contribution buys: a period, behind what runs, whatever else has happened."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from contributions.coverage import months_after
from contributions.models import Contribution, CoveragePeriod
from contributions.services import cover as contribution_cover
from foundation.states import ForbiddenMove
from payments.services import attempts
from registration.models import Registration
from tests.factories import decide, make_contribution, make_cover, make_registration, make_user

pytestmark = pytest.mark.django_db
Status = Contribution.Status
DAY = timedelta(days=1)


@pytest.fixture
def registration():
    return make_registration(make_user(), "submitted")


def test_start_coverage_makes_a_period_from_the_receipts_moment(registration, at):
    owed = make_contribution(registration, months=12)
    period = contribution_cover.start_coverage(contribution=owed, issued_at=at)
    assert period.contribution == owed
    assert (period.user, period.sector) == (registration.user, "taxi")
    assert (period.anchor_at, period.months_from_anchor) == (at, 12)
    assert period.coverage_starts_at == at
    assert period.coverage_ends_at == months_after(at, 12)


def test_start_coverage_marks_the_contribution_paid(registration, at):
    owed = make_contribution(registration)
    contribution_cover.start_coverage(contribution=owed, issued_at=at)
    owed.refresh_from_db()
    assert owed.status == Status.PAID
    assert owed.status_changes.get().at == at


def test_start_coverage_queues_the_registration_for_review(registration, at):
    make_cover(registration, issued_at=at)
    registration.refresh_from_db()
    assert registration.queued_at == at
    assert list(Registration.objects.awaiting_review()) == [registration]


def test_a_renewal_in_time_is_queued_on_the_same_anchor(registration, at):
    first = make_cover(registration, issued_at=at)
    second = make_cover(registration, issued_at=at + DAY)
    assert second.coverage_starts_at == first.coverage_ends_at
    assert (second.anchor_at, second.months_from_anchor) == (first.anchor_at, 2)
    assert second.coverage_ends_at == months_after(at, 2)


def test_a_renewal_after_a_lapse_begins_when_it_is_paid(registration, at):
    first = make_cover(registration, issued_at=at)
    late = first.coverage_ends_at + 5 * DAY
    second = make_cover(registration, issued_at=late)
    assert (second.coverage_starts_at, second.anchor_at) == (late, late)


def test_c23_a_change_of_plan_takes_effect_with_the_next_period(registration, at):
    first = make_cover(registration, plan=1, issued_at=at)
    second = make_cover(registration, plan=3, issued_at=at + DAY)
    assert first.contribution.plan_number == 1
    assert second.contribution.plan_number == 3
    assert second.coverage_starts_at == first.coverage_ends_at


def test_each_sector_is_covered_by_itself(registration, at):
    make_cover(registration, issued_at=at)
    bus = make_registration(registration.user, "submitted", sector="bus")
    period = make_cover(bus, issued_at=at + DAY)
    assert period.coverage_starts_at == at + DAY


def test_money_for_a_dropped_contribution_is_cover_all_the_same(registration, at):
    dropped = make_contribution(registration, plan=1)
    make_cover(registration, plan=2, issued_at=at)
    dropped.refresh_from_db()
    period = contribution_cover.start_coverage(contribution=dropped, issued_at=at + DAY)
    assert dropped.status == Status.PAID
    assert period.coverage_starts_at == months_after(at, 1)


def test_money_that_comes_late_is_queued_behind_the_queue(registration, at):
    dropped = make_contribution(registration, plan=1)
    make_cover(registration, plan=2, issued_at=at)
    second = make_cover(registration, plan=2, issued_at=at + DAY)
    dropped.refresh_from_db()
    third = contribution_cover.start_coverage(contribution=dropped, issued_at=at + 2 * DAY)
    assert third.coverage_starts_at == second.coverage_ends_at


def test_money_for_an_earlier_moment_waits_its_turn(registration, at):
    dropped = make_contribution(registration, plan=1)
    first = make_cover(registration, plan=2, issued_at=at)
    dropped.refresh_from_db()
    period = contribution_cover.start_coverage(
        contribution=dropped, issued_at=at - timedelta(minutes=5)
    )
    assert period.coverage_starts_at == first.coverage_ends_at


def test_c21_nothing_is_covered_twice(registration, at):
    owed = make_contribution(registration)
    contribution_cover.start_coverage(contribution=owed, issued_at=at)
    with pytest.raises(ForbiddenMove), transaction.atomic():
        contribution_cover.start_coverage(contribution=owed, issued_at=at + DAY)
    assert CoveragePeriod.objects.count() == 1


@pytest.mark.parametrize("status", ["returned", "rejected"])
def test_money_is_cover_whatever_the_officer_decided(registration, at, status):
    make_cover(registration, issued_at=at)
    owed = make_contribution(registration, at=at + DAY)
    registration.refresh_from_db()
    decide(registration, status, make_user("Puan Rohani", is_staff=True), at + DAY)
    period = contribution_cover.start_coverage(contribution=owed, issued_at=at + 2 * DAY)
    registration.refresh_from_db()
    assert registration.status == status
    assert period.coverage_starts_at == months_after(at, 1)


# --- what the database keeps ---------------------------------------------------------------
def raw_period(registration, start, end):
    owed = make_contribution(registration)
    Contribution.objects.filter(pk=owed.pk).update(status=Status.PAID)
    return CoveragePeriod(
        user=registration.user,
        person=registration.user.ic_number_index,
        sector=registration.sector,
        contribution=owed,
        anchor_at=start,
        months_from_anchor=1,
        coverage_starts_at=start,
        coverage_ends_at=end,
    )


def test_the_database_refuses_an_overlap(registration, at):
    raw_period(registration, at, at + 30 * DAY).save()
    with pytest.raises(IntegrityError, match="coverage_never_overlaps"), transaction.atomic():
        raw_period(registration, at + 29 * DAY, at + 60 * DAY).save()


def test_periods_may_touch(registration, at):
    raw_period(registration, at, at + 30 * DAY).save()
    raw_period(registration, at + 30 * DAY, at + 60 * DAY).save()
    assert CoveragePeriod.objects.of(registration).count() == 2


def test_the_database_refuses_a_period_that_runs_backwards(registration, at):
    with pytest.raises(IntegrityError), transaction.atomic():
        raw_period(registration, at, at).save()


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.update(coverage_ends_at=F("coverage_ends_at") + DAY),
        lambda rows: rows.update(coverage_starts_at=F("coverage_starts_at") - DAY),
        lambda rows: rows.update(sector="bus"),
        lambda rows: rows.delete(),
    ],
)
def test_the_database_refuses_to_move_or_lose_cover(registration, change):
    period = make_cover(registration)
    rows = CoveragePeriod.objects.filter(pk=period.pk)
    with pytest.raises(IntegrityError, match="stays as it was paid for"), transaction.atomic():
        change(rows)
    assert rows.get().as_period() == period.as_period()


def test_rows_name_themselves(registration, at):
    period = make_cover(registration, plan=2, months=12, issued_at=at)
    assert (
        str(period).replace("\N{NO-BREAK SPACE}", " ").startswith("Teksi: 22 Nov 2026, 10:00 pagi")
    )
    assert str(period.contribution) == "Pelan 2 × 12"
    assert str(registration.plan_choice) == "Pelan 2 × 12"


# --- queries -------------------------------------------------------------------------------
def test_cover_reads_one_person_and_sector(registration, at):
    first = make_cover(registration, issued_at=at)
    second = make_cover(registration, issued_at=at + DAY)
    cover = CoveragePeriod.objects.of(registration).cover(at + DAY)
    assert cover.current == first.as_period()
    assert cover.queued == second.as_period()
    stranger = make_registration(make_user("Chandran a/l Raju"), "submitted")
    assert CoveragePeriod.objects.of(stranger).cover(at + DAY).current is None


def test_cover_asks_once(registration, at, django_assert_num_queries):
    for month in range(8):
        make_cover(registration, issued_at=at + 31 * month * DAY)
    with django_assert_num_queries(1):
        assert CoveragePeriod.objects.of(registration).cover(at + 220 * DAY).current


@pytest.mark.django_db(transaction=True)
def test_two_payments_at_the_same_time_make_two_periods_in_a_row(registration, at):
    dropped = make_contribution(registration, plan=1)
    owed = make_contribution(registration, plan=2)
    dropped.refresh_from_db()
    start = Barrier(2)
    threads = [Thread(target=_settle, args=(each, at, start)) for each in (dropped, owed)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first, second = CoveragePeriod.objects.order_by("coverage_starts_at")
    assert second.coverage_starts_at == first.coverage_ends_at


def _settle(contribution, at, start):
    start.wait()
    try:
        with transaction.atomic():
            locked = attempts.lock_contribution(contribution.pk)
            contribution_cover.start_coverage(contribution=locked, issued_at=at)
    finally:
        connection.close()
