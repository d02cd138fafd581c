"""When FPX is next asked about an attempt that it has not decided."""

from collections.abc import Sequence
from datetime import datetime, timedelta

Schedule = Sequence[tuple[timedelta, timedelta]]  # (up to this age, so long between enquiries)
# Up to this age of an attempt, FPX is asked so often; PayNet publishes no rule.
FPX_ENQUIRY_SCHEDULE = [
    (timedelta(minutes=30), timedelta(minutes=5)),
    (timedelta(hours=24), timedelta(hours=1)),
    (timedelta(days=7), timedelta(hours=12)),
]


def next_enquiry_at(*, started_at: datetime, at: datetime, schedule: Schedule) -> datetime | None:
    """The next moment after `at` by the schedule; None once the attempt is too old to ask about."""
    for age, pause in schedule:
        if at - started_at < age:
            return at + pause
    return None
