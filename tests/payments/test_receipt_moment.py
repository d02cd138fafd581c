"""Which moment starts the cover: the worked examples, edges first."""

from datetime import datetime, timedelta

import pytest

from foundation.wording import MALAYSIA
from payments.receipt_moment import is_clock_wrong, receipt_moment


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=MALAYSIA)


def receipt_moment_of(stored, fpx, **changes):
    facts = {
        "started_at": moment("2019-07-15 10:00:00"),
        "stored_at": moment(stored),
        "fpx_at": moment(fpx) if fpx else None,
        "session_limit": timedelta(minutes=15),
        "was_authorised_later": False,
    }
    return receipt_moment(**facts | changes)


@pytest.mark.parametrize(
    ("stored", "fpx", "expected"),
    [
        # C18 (its attempt began a little before)
        ("2019-07-15 23:59:50", "2019-07-15 23:57:30", "2019-07-15 23:59:50"),
        # C19
        ("2019-07-15 10:30:00", "2019-07-15 10:00:20", "2019-07-15 10:15:20"),
        # C19b
        ("2019-07-15 10:05:10", "2019-07-15 10:00:20", "2019-07-15 10:05:10"),
        # The limit itself, and a second either side.
        ("2019-07-15 10:15:19", "2019-07-15 10:00:20", "2019-07-15 10:15:19"),
        ("2019-07-15 10:15:20", "2019-07-15 10:00:20", "2019-07-15 10:15:20"),
        ("2019-07-15 10:15:21", "2019-07-15 10:00:20", "2019-07-15 10:15:20"),
        # Stored before FPX's time, by honest clocks.
        ("2019-07-15 10:00:00", "2019-07-15 10:01:59", "2019-07-15 10:00:00"),
        # To the second.
        ("2019-07-15 10:05:10.999999", "2019-07-15 10:00:20", "2019-07-15 10:05:10"),
        # FPX named no time.
        ("2019-07-15 10:30:00", None, "2019-07-15 10:30:00"),
    ],
)
def test_the_moment_is_the_first_stored_but_not_later_than_a_bank_session(stored, fpx, expected):
    assert receipt_moment_of(stored, fpx) == moment(expected)


def test_c19c_somebody_authorised_two_days_later():
    found = receipt_moment_of(
        "2019-07-17 16:40:00", "2019-07-15 10:00:20", was_authorised_later=True
    )
    assert found == moment("2019-07-17 16:40:00")


@pytest.mark.parametrize(
    ("stored", "fpx", "expected"),
    [
        # FPX's time lies after its own message: ours is the moment.
        ("2019-07-15 10:05:00", "2019-07-15 16:40:00", "2019-07-15 10:05:00"),
        # It lies before the attempt, as when our clock was ahead then: cover begins with neither.
        ("2019-07-15 10:05:00", "2019-07-15 09:00:00", "2019-07-15 10:05:00"),
        ("2019-07-16 10:00:00", "2019-07-15 09:57:00", "2019-07-15 10:15:00"),
        ("2019-07-16 10:00:00", "2019-07-14 10:00:00", "2019-07-15 10:15:00"),
    ],
)
def test_a_wrong_clock_costs_no_more_than_a_bank_session(stored, fpx, expected):
    assert receipt_moment_of(stored, fpx) == moment(expected)


@pytest.mark.parametrize(
    ("fpx", "expected"),
    [
        ("2019-07-15 10:00:20", False),
        ("2019-07-15 09:58:00", False),
        ("2019-07-15 09:57:59", True),
        ("2019-07-15 10:07:00", False),
        ("2019-07-15 10:07:01", True),
        ("2019-07-15 02:00:20", True),
    ],
)
def test_a_clock_is_wrong_when_it_leaves_the_attempt(fpx, expected):
    assert expected == is_clock_wrong(
        started_at=moment("2019-07-15 10:00:00"),
        fpx_at=moment(fpx),
        stored_at=moment("2019-07-15 10:05:00"),
    )
