"""Which end of cover is reminded of when, without a database."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contributions.coverage import months_after
from contributions.reminder_schedule import DAYS_BEFORE, rounds

KUALA_LUMPUR = ZoneInfo("Asia/Kuala_Lumpur")


def kl(text):
    return datetime.fromisoformat(text).replace(tzinfo=KUALA_LUMPUR)


def due(ends_at, at):
    """How many days before that end the reminder of now is called."""
    return [one.days_before for one in rounds(at) if one.ends_from <= ends_at < one.ends_before]


@pytest.mark.parametrize(
    ("at", "reminder"),
    [
        ("2026-11-21 12:00", []),
        ("2026-11-22 08:59", []),
        ("2026-11-22 09:00", [30]),
        ("2026-12-14 20:59", [30]),
        ("2026-12-15 09:00", [7]),
        ("2026-12-20 12:00", [7]),
        ("2026-12-21 09:00", [1]),
        ("2026-12-22 09:00", [0]),
        ("2026-12-22 20:59", [0]),
        ("2026-12-22 21:00", []),
        ("2026-12-23 09:00", []),
    ],
)
def test_the_reminder_of_cover_that_ends_on_22_december_at_ten(at, reminder):
    assert due(kl("2026-12-22 10:00"), kl(at)) == reminder


@pytest.mark.parametrize("hour", ["00:00:00", "23:59:59"])
def test_days_are_those_of_the_malaysian_calendar(hour):
    assert due(kl(f"2026-12-22 {hour}"), kl("2026-12-22 09:00")) == [0]
    assert due(kl(f"2026-12-22 {hour}"), kl("2026-12-21 20:59")) == [1]


def test_a_month_is_not_reminded_of_thirty_days_before():
    shortest = {one.days_before: one.shortest for one in rounds(kl("2026-11-22 12:00"))}
    assert shortest[30] > timedelta(days=31)
    assert max(shortest[days] for days in (7, 1, 0)) < timedelta(days=28)


MOMENTS = st.datetimes(datetime(2019, 1, 1), datetime(2040, 1, 1)).map(
    lambda when: when.replace(tzinfo=KUALA_LUMPUR)
)


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=40)))
def test_every_end_has_one_reminder_at_a_time_and_by_day_only(at, ahead):
    kinds = due(at + ahead, at)
    days_left = ((at + ahead).date() - at.date()).days
    assert len(kinds) == (9 <= at.hour < 21 and days_left <= 30)
    for kind in kinds:
        nearer = [days for days in DAYS_BEFORE if days < kind]
        assert max(nearer, default=-1) < days_left <= kind


@given(
    MOMENTS,
    st.sampled_from([1, 2, 12]),
    st.timedeltas(timedelta(0), timedelta(days=40)),
)
def test_nobody_is_reminded_of_what_has_just_begun(starts_at, months, ahead):
    ends_at = months_after(starts_at, months)
    at = ends_at - ahead
    for one in rounds(at):
        if one.ends_from <= ends_at < one.ends_before and ends_at - starts_at >= one.shortest:
            assert at > starts_at + timedelta(days=6)
