"""When somebody is reminded of the end of their cover: 30, 7, 1 and 0 days before, by day.

Days are those of the Malaysian calendar; the last reminder comes on the day itself. After an
outage only the one that is due last is sent, with the days that are truly left. A period has to
run for a week first: thirty days before a month's cover ends it was just paid, or still waits
behind another and may not be renewed yet. Whoever pays by the month is told 7, 1 and 0 days before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from foundation.wording import local

DAYS_BEFORE = (30, 7, 1, 0)
FIRST_HOUR, LAST_HOUR = 9, 21  # nobody is woken
_DAY = timedelta(days=1)
_RUNS_AT_LEAST = timedelta(days=7)


@dataclass(frozen=True)
class Round:
    """One reminder's turn: it is for cover that ends in `[ends_from, ends_before)`."""

    days_before: int
    ends_from: datetime
    ends_before: datetime

    @property
    def shortest(self) -> timedelta:
        """The least length of a period that is reminded of in this round."""
        return self.days_before * _DAY + _RUNS_AT_LEAST


def rounds(at: datetime) -> Iterator[Round]:
    """The rounds of that moment, none by night; no end lies in two of them."""
    now = local(at)
    if not FIRST_HOUR <= now.hour < LAST_HOUR:
        return
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for days, nearer in pairwise((*DAYS_BEFORE, -1)):
        yield Round(days, today + (nearer + 1) * _DAY, today + (days + 1) * _DAY)
