"""When FPX is next asked."""

from datetime import datetime, timedelta

import pytest

from foundation.wording import MALAYSIA
from payments.enquiry_schedule import FPX_ENQUIRY_SCHEDULE, next_enquiry_at

START = datetime(2026, 11, 22, 10, 0, tzinfo=MALAYSIA)


@pytest.mark.parametrize(
    ("age", "pause"),
    [
        (timedelta(), timedelta(minutes=5)),
        (timedelta(minutes=29, seconds=59), timedelta(minutes=5)),
        (timedelta(minutes=30), timedelta(hours=1)),
        (timedelta(hours=23, minutes=59), timedelta(hours=1)),
        (timedelta(hours=24), timedelta(hours=12)),
        (timedelta(days=6, hours=23), timedelta(hours=12)),
        (timedelta(days=7), None),
    ],
)
def test_enquiries_grow_rarer_and_end(age, pause):
    found = next_enquiry_at(started_at=START, at=START + age, schedule=FPX_ENQUIRY_SCHEDULE)
    assert found == (START + age + pause if pause else None)
