"""When FPX is next asked about an attempt that it has not decided."""

from collections.abc import Sequence
from datetime import datetime, timedelta

Schedule = Sequence[tuple[timedelta, timedelta]]  # (up to this age, so long between enquiries)


def next_enquiry_at(*, started_at: datetime, at: datetime, schedule: Schedule) -> datetime | None:
    """The next moment after `at` by the schedule; None once the attempt is too old to ask about."""
    for age, pause in schedule:
        if at - started_at < age:
            return at + pause
    return None
