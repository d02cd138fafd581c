"""One person, one cover: whoever closes an account and opens another with the same IC number."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.services import corrections
from contributions.coverage import months_after
from contributions.models import CoveragePeriod, Reminder
from contributions.services import contributing
from contributions.services.reminders import remind
from contributions.tasks import send_reminder
from payments.services import invariants
from payments.services.invariant_rules import RULES
from perkeso.privacy.services import close_account
from tests.factories import (
    make_contribution,
    make_cover,
    make_officer,
    make_payment,
    make_registration,
    make_user,
    tell,
)

IC = "850101145599"
DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def first(at):
    """A month that the first account paid for, which was closed the day after."""
    user = make_user(ic_number=IC)
    payment = make_payment(make_contribution(make_registration(user)), "succeeded")
    close_account(user=user, at=at + DAY)
    return payment.contribution.coverage_period


@pytest.fixture
def again(first):
    """The same person under another account."""
    return make_user(ic_number=IC)


def broken(at):
    """Rules of money and cover that are broken; no worker has sent anything here."""
    return [found for found in invariants.check_rows(at=at) if found.rule in RULES]


def dashboard(client, user):
    client.force_login(user)
    return client.get(reverse("dashboard")).content.decode()


def test_the_new_account_sees_the_cover_that_stands(client, clock, again, first):
    clock.shift(2 * DAY)
    text = dashboard(client, again)
    assert "Ya, hingga" in text
    assert "Anda belum berdaftar" not in text
    assert "akaun anda yang terdahulu" in text
    calendar = reverse("receipts:end_of_cover", args=[first.sector])
    for url in (reverse("receipts:card"), calendar):
        assert client.get(url).status_code == 200


def test_a_draft_of_the_new_account_does_not_hide_it(client, clock, again):
    clock.shift(2 * DAY)
    make_registration(again, "draft")
    assert "Ya, hingga" in dashboard(client, again)


def test_a_stranger_sees_nothing_of_it(client, clock, first):
    clock.shift(2 * DAY)
    assert "Ya, hingga" not in dashboard(client, make_user("Chandran"))


def test_what_is_paid_next_queues_behind_it_and_the_chain_goes_on(again, first, at):
    owed = make_contribution(make_registration(again), at=at + 2 * DAY)
    second = make_payment(owed, "succeeded", at=at + 2 * DAY).contribution.coverage_period
    assert second.coverage_starts_at == first.coverage_ends_at
    assert second.anchor_at == first.anchor_at
    assert second.coverage_ends_at == months_after(first.anchor_at, 2)
    assert not broken(at + 3 * DAY)


def test_no_third_period_is_sold(again, at):
    registration = make_registration(again)
    make_cover(registration, issued_at=at + 2 * DAY)
    with pytest.raises(contributing.NextPeriodAlreadyBought):
        contributing.check_next_period(registration=registration, at=at + 3 * DAY)


def test_late_money_of_the_closed_account_joins_the_chain(at):
    user = make_user(ic_number=IC)
    late = make_payment(make_contribution(make_registration(user)), "expired")
    close_account(user=user, at=at + DAY)
    other = make_user(ic_number=IC)
    owed = make_contribution(make_registration(other), at=at + 2 * DAY)
    cover = make_payment(owed, "succeeded", at=at + 2 * DAY).contribution.coverage_period
    tell(late, at=at + 3 * DAY)
    queued = late.contribution.coverage_period
    assert queued.coverage_starts_at == cover.coverage_ends_at
    assert not broken(at + 3 * DAY)


def copy_of(period, user, at):
    """The same days, sold to another account."""
    owed = make_contribution(make_registration(user), at=at)
    return CoveragePeriod(
        user=user,
        person=user.ic_number_index,
        sector=period.sector,
        contribution=owed,
        anchor_at=period.anchor_at,
        months_from_anchor=1,
        coverage_starts_at=period.coverage_starts_at,
        coverage_ends_at=period.coverage_ends_at,
    )


def test_the_database_refuses_the_same_days_twice(first, again, at):
    with pytest.raises(IntegrityError, match="coverage_never_overlaps"), transaction.atomic():
        copy_of(first, again, at + 2 * DAY).save()


def test_the_same_days_of_another_person_are_no_overlap(first, at):
    copy_of(first, make_user("Chandran"), at + 2 * DAY).save()
    assert CoveragePeriod.objects.count() == 2


# --- reminders -----------------------------------------------------------------------------
def test_the_reminder_goes_to_the_account_that_there_is(first, again):
    assert remind(at=first.coverage_ends_at - 7 * DAY) == 1
    assert Reminder.objects.get().user == again


def test_whoever_has_no_account_any_more_is_not_reminded(first):
    assert remind(at=first.coverage_ends_at - 7 * DAY) == 0


def test_who_renewed_under_another_account_is_not_reminded(first, again, mailoutbox):
    before = first.coverage_ends_at - 7 * DAY
    assert remind(at=before) == 1
    make_cover(make_registration(again), issued_at=before)
    send_reminder.handler(Reminder.objects.get().pk, at=before)
    assert mailoutbox == []
    assert remind(at=first.coverage_ends_at - DAY) == 0


# --- an IC number is put right -------------------------------------------------------------
def put_right(user, ic_number, at):
    correction = corrections.propose_correction(
        user=user,
        full_name=user.full_name,
        ic_number=ic_number,
        reason="Silap taip",
        by=make_officer(),
        at=at,
    )
    corrections.approve_correction(correction=correction, by=make_officer("Selvam"), at=at)
    user.refresh_from_db()


def test_cover_follows_an_ic_number_that_is_put_right(at):
    user = make_user(ic_number="850101145588")
    registration = make_registration(user)
    first = make_cover(registration, issued_at=at)
    put_right(user, IC, at + DAY)
    registration.refresh_from_db()
    assert CoveragePeriod.objects.of(registration).get() == first
    second = make_cover(registration, issued_at=at + 2 * DAY)
    assert second.coverage_starts_at == first.coverage_ends_at


def test_an_ic_number_whose_person_is_covered_the_same_days_is_refused(first, at):
    user = make_user(ic_number="850101145588")
    make_cover(make_registration(user), issued_at=at + 2 * DAY)
    with pytest.raises(corrections.IcNumberTaken):
        put_right(user, IC, at + 3 * DAY)


@pytest.mark.parametrize("person", ["", "0" * 64])
def test_the_database_keeps_whose_a_period_is(first, person):
    with pytest.raises(IntegrityError), transaction.atomic():
        CoveragePeriod.objects.update(person=person)
