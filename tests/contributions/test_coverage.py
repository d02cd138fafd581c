"""When cover begins and ends, without a database."""

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contributions.coverage import Cover, Period, cover_at, months_after, next_period
from foundation.wording import exact_moment

KUALA_LUMPUR = ZoneInfo("Asia/Kuala_Lumpur")
UTC = ZoneInfo("UTC")


def kl(text):
    """A moment as a Malaysian clock shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=KUALA_LUMPUR)


def bought(*payments):
    """The periods that (paid at, months) buy one after another."""
    periods = []
    for paid_at, months in payments:
        previous = periods[-1] if periods else None
        periods.append(next_period(previous, issued_at=kl(paid_at), months=months))
    return periods


C1 = ("2019-07-15 14:05:33", 1)
C3 = ("2019-01-31 09:00:00", 1)


@pytest.mark.parametrize(
    ("paid_at", "months", "end"),
    [
        pytest.param("2019-07-15 14:05:33", 1, "2019-08-15 14:05:33", id="C1"),
        pytest.param("2019-07-15 14:05:33", 12, "2020-07-15 14:05:33", id="C2"),
        pytest.param("2019-01-31 09:00:00", 1, "2019-02-28 09:00:00", id="C3"),
        pytest.param("2020-01-31 09:00:00", 1, "2020-02-29 09:00:00", id="C4-leap-year"),
        pytest.param("2020-02-29 23:59:59", 12, "2021-02-28 23:59:59", id="C5"),
        pytest.param("2019-08-31 10:00:00", 1, "2019-09-30 10:00:00", id="C6"),
        pytest.param("2019-12-31 23:59:59", 1, "2020-01-31 23:59:59", id="C7"),
        pytest.param("2019-12-01 00:00:00", 1, "2020-01-01 00:00:00", id="midnight"),
        pytest.param("2019-03-31 00:00:00", 3, "2019-06-30 00:00:00", id="a quarter"),
    ],
)
def test_a_first_period_begins_when_it_is_paid(paid_at, months, end):
    (period,) = bought((paid_at, months))
    assert period == Period(kl(paid_at), months, kl(paid_at), kl(end))


@pytest.mark.parametrize(
    ("first", "renewal", "start", "end"),
    [
        pytest.param(
            C3, ("2019-02-20 12:00:00", 1), "2019-02-28 09:00:00", "2019-03-31 09:00:00", id="C8"
        ),
        pytest.param(
            C1, ("2019-08-10 08:00:00", 12), "2019-08-15 14:05:33", "2020-08-15 14:05:33", id="C11"
        ),
        pytest.param(
            C1,
            ("2019-08-15 14:05:33", 1),
            "2019-08-15 14:05:33",
            "2019-09-15 14:05:33",
            id="C12-to-the-second",
        ),
        pytest.param(
            C1, ("2019-08-20 09:00:00", 1), "2019-08-20 09:00:00", "2019-09-20 09:00:00", id="C13"
        ),
    ],
)
def test_a_renewal_begins_where_cover_ends_or_when_it_is_paid(first, renewal, start, end):
    period = bought(first, renewal)[-1]
    assert (period.starts_at, period.ends_at) == (kl(start), kl(end))


def test_c9_twelve_payments_end_where_one_yearly_payment_ends():
    months = bought(C3, *[(f"2019-{month:02}-20 09:00:00", 1) for month in range(2, 13)])
    (year,) = bought((C3[0], 12))
    assert months[-1].ends_at == year.ends_at == kl("2020-01-31 09:00:00")


def test_c10_adding_to_the_last_end_would_lose_three_days():
    end = kl(C3[0])
    for _ in range(12):
        end = months_after(end, 1)
    assert end == kl("2020-01-28 09:00:00") != bought((C3[0], 12))[0].ends_at


def test_c12_a_payment_at_the_very_end_is_a_new_anchor():
    first, renewal = bought(C1, ("2019-08-15 14:05:33", 1))
    assert renewal.anchor_at == first.ends_at
    assert renewal.months_from_anchor == 1


def test_a_payment_one_second_before_the_end_keeps_the_anchor():
    first, renewal = bought(C3, ("2019-02-28 08:59:59", 1))
    assert renewal.anchor_at == first.anchor_at
    assert renewal.ends_at == kl("2019-03-31 09:00:00")


def test_a_payment_on_top_of_a_queued_period_is_counted_from_the_queued_ones_end():
    queued, late = bought(C1, ("2019-08-10 08:00:00", 1), ("2019-08-11 08:00:00", 1))[1:]
    assert late.starts_at == queued.ends_at
    assert late.months_from_anchor == 3


@pytest.mark.parametrize(
    ("at", "is_covered"),
    [
        pytest.param("2019-07-15 14:05:33", True, id="C14-the-start"),
        pytest.param("2019-07-15 14:05:32", False, id="C15-a-second-before"),
        pytest.param("2019-08-15 14:05:32", True, id="the-last-second"),
        pytest.param("2019-08-15 14:05:33", False, id="C16-the-end"),
    ],
)
def test_the_end_is_no_longer_covered(at, is_covered):
    (period,) = bought(C1)
    assert period.covers(kl(at)) is is_covered
    assert (cover_at([period], kl(at)).current is not None) is is_covered


def test_c16_a_queued_period_covers_the_end_of_the_first():
    periods = bought(C1, ("2019-08-10 08:00:00", 1))
    assert cover_at(periods, kl("2019-08-15 14:05:33")).current == periods[1]


def test_c17_an_accident_in_a_gap_is_not_covered():
    periods = bought(C1, ("2019-08-20 09:00:00", 1))
    cover = cover_at(periods, kl("2019-08-17 12:00:00"))
    assert cover.current is None
    assert cover.ended == periods[0]


def test_c24_a_stored_utc_moment_prints_as_malaysian_time():
    stored = datetime(2026, 11, 22, 1, 57, 39, tzinfo=UTC)
    period = next_period(None, issued_at=stored, months=12)
    assert exact_moment(period.starts_at) == "22/11/2026 09:57:39"
    assert exact_moment(period.ends_at) == "22/11/2027 09:57:39"


def test_the_calendar_is_malaysias_when_the_day_differs_in_utc():
    stored = datetime(2019, 1, 30, 20, 0, tzinfo=UTC)  # already the 31st in Kuala Lumpur
    assert months_after(stored, 1) == kl("2019-02-28 04:00:00")


# --- how somebody is covered ---------------------------------------------------------------
def test_nobody_is_covered_by_nothing():
    assert cover_at([], kl("2019-08-17 12:00:00")) == Cover(kl("2019-08-17 12:00:00"))


def test_cover_counts_what_is_queued():
    periods = bought(C1, ("2019-08-10 08:00:00", 1))
    cover = cover_at(periods, kl("2019-08-12 08:00:00"))
    assert (cover.current, cover.queued) == tuple(periods)
    assert cover.ends_at == periods[1].ends_at
    assert not cover.ends_soon


def test_c22b_another_may_be_bought_once_the_queued_period_begins():
    periods = bought(C1, ("2019-08-10 08:00:00", 1))
    cover = cover_at(periods, kl("2019-08-12 08:00:00"))
    assert cover.renewable_from == periods[1].starts_at
    assert cover_at(periods, cover.renewable_from).renewable_from is None


@pytest.mark.parametrize(
    ("at", "days", "is_soon"),
    [
        ("2019-07-15 14:05:33", 31, False),
        ("2019-08-08 14:05:32", 7, False),
        ("2019-08-08 14:05:33", 7, True),
        ("2019-08-14 23:59:59", 1, True),
        ("2019-08-15 00:00:00", 0, True),
        ("2019-08-15 14:05:33", 0, False),
    ],
)
def test_days_left_are_days_of_the_malaysian_calendar(at, days, is_soon):
    cover = cover_at(bought(C1), kl(at))
    assert cover.days_left == days
    assert cover.ends_soon is is_soon


@pytest.mark.parametrize(
    ("payments", "at", "status"),
    [
        ([], "2019-08-01 00:00:00", "uncovered"),
        ([C1], "2019-08-01 00:00:00", "covered"),
        ([C1], "2019-08-14 00:00:00", "ends_soon"),
        ([C1, ("2019-08-13 00:00:00", 1)], "2019-08-14 00:00:00", "covered"),
        ([C1], "2019-07-01 00:00:00", "queued"),
        ([C1], "2019-08-15 14:05:33", "lapsed"),
    ],
)
def test_cover_has_one_word_for_itself(payments, at, status):
    assert cover_at(bought(*payments), kl(at)).status == status


# --- for all payments ----------------------------------------------------------------------
SINCE_2017 = st.integers(min_value=1496246400, max_value=2208960000)  # seconds, to 2040
ANY = SINCE_2017.map(lambda second: datetime.fromtimestamp(second, KUALA_LUMPUR))
# Where months and years are uneven; among all moments they would hardly be met.
UNEVEN = [
    *("2019-01-29", "2019-01-31", "2019-02-28", "2019-08-31", "2019-12-31"),
    *("2020-01-30", "2020-02-28", "2020-02-29", "2020-12-31", "2024-02-29"),
]
CLOCKS = ["00:00:00", "07:59:59", "08:00:00", "23:59:59"]
EDGES = st.builds(
    lambda day, clock: kl(f"{day} {clock}"), st.sampled_from(UNEVEN), st.sampled_from(CLOCKS)
)
MOMENTS = st.one_of(ANY, EDGES)
MONTHS = st.sampled_from([1, 12])
PAYMENTS = st.lists(st.tuples(MOMENTS, MONTHS), min_size=1, max_size=15).map(sorted)


def chain(payments):
    periods = []
    for issued_at, months in payments:
        previous = periods[-1] if periods else None
        periods.append(next_period(previous, issued_at=issued_at, months=months))
    return periods


@given(PAYMENTS)
def test_periods_never_overlap_and_never_begin_before_they_are_paid(payments):
    periods = chain(payments)
    for (issued_at, _months), period in zip(payments, periods, strict=True):
        assert issued_at <= period.starts_at < period.ends_at
    for earlier, later in pairwise(periods):
        assert earlier.ends_at <= later.starts_at


@given(PAYMENTS)
def test_there_is_no_hole_when_it_is_paid_in_time(payments):
    periods = chain(payments)
    for (earlier, later), (issued_at, _months) in zip(pairwise(periods), payments[1:], strict=True):
        if issued_at <= earlier.ends_at:
            assert later.starts_at == earlier.ends_at
        else:
            assert later.starts_at == issued_at


@given(MOMENTS, st.integers(min_value=1, max_value=10))
def test_twelve_months_equal_one_year(issued_at, years):
    by_month = chain([(issued_at, 1)] * 12 * years)
    by_year = chain([(issued_at, 12)] * years)
    assert by_month[-1].ends_at == by_year[-1].ends_at


@given(MOMENTS, MONTHS)
def test_a_period_keeps_the_clock_time_and_never_skips_a_month(issued_at, months):
    period = next_period(None, issued_at=issued_at, months=months)
    assert period.ends_at.timetz() == period.starts_at.timetz()
    passed = (period.ends_at.year - issued_at.year) * 12 + period.ends_at.month - issued_at.month
    assert passed == months


@given(PAYMENTS, MOMENTS)
def test_every_moment_is_covered_by_at_most_one_period(payments, at):
    periods = chain(payments)
    assert sum(period.covers(at) for period in periods) <= 1
    cover = cover_at(periods, at)
    assert (cover.current is not None) == any(period.covers(at) for period in periods)


@given(MOMENTS)
def test_a_month_is_never_longer_than_the_calendars(issued_at):
    period = next_period(None, issued_at=issued_at, months=1)
    assert timedelta(days=28) <= period.ends_at - period.starts_at <= timedelta(days=31)
