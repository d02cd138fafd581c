"""When cover begins and ends: half-open periods, counted from the anchor of an unbroken chain.

The law fixes the start: the date and time of payment that the receipt certifies. The end is the
same clock time in Malaysia N calendar months after the anchor (the first start of the chain), or
the month's last day where it has no such day. So twelve monthly payments end at the same instant
as one yearly payment, which adding months to the last end would not give.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from foundation.wording import local

ENDS_SOON = timedelta(days=7)


@dataclass(frozen=True)
class Period:
    """Cover from `starts_at` up to and without `ends_at`, `months_from_anchor` after the anchor."""

    anchor_at: datetime
    months_from_anchor: int
    starts_at: datetime
    ends_at: datetime

    def covers(self, at: datetime) -> bool:
        """True from the start, false from the end on."""
        return self.starts_at <= at < self.ends_at


def next_period(previous: Period | None, *, issued_at: datetime, months: int) -> Period:
    """The period that `months` paid at `issued_at` buy, after the last one paid for.

    While that runs, or waits to begin, the new period starts where it ends; once it has ended,
    be it at this very instant, the receipt's moment is the start and a new anchor. A gap stays.
    """
    if previous is None or issued_at >= previous.ends_at:
        return _from_anchor(issued_at, months, starts_at=issued_at)
    total = previous.months_from_anchor + months
    return _from_anchor(previous.anchor_at, total, starts_at=previous.ends_at)


def _from_anchor(anchor_at: datetime, months: int, *, starts_at: datetime) -> Period:
    return Period(anchor_at, months, starts_at, months_after(anchor_at, months))


def months_after(at: datetime, months: int) -> datetime:
    """The same clock time in Malaysia `months` later, or on that month's last day."""
    return local(at) + relativedelta(months=months)


@dataclass(frozen=True)
class Cover:
    """How somebody is covered in one sector at the moment `at`."""

    at: datetime
    current: Period | None = None
    queued: Period | None = None
    ended: Period | None = None

    @property
    def last(self) -> Period | None:
        """The period that ends last, which the next one is counted from."""
        return self.queued or self.current or self.ended

    @property
    def ends_at(self) -> datetime | None:
        """When cover that runs now will stop: with what is queued, for that follows at once."""
        if self.current is None:
            return None
        return self.queued.ends_at if self.queued else self.current.ends_at

    @property
    def days_left(self) -> int:
        """Calendar days in Malaysia until it stops; 0 on the last day."""
        return (local(self.ends_at).date() - local(self.at).date()).days if self.ends_at else 0

    @property
    def ends_soon(self) -> bool:
        """True in the last week, with nothing paid for after it."""
        return self.ends_at is not None and self.ends_at - self.at <= ENDS_SOON

    @property
    def status(self) -> str:
        """One word for it: covered, ends_soon, queued, lapsed or uncovered."""
        if self.current is not None:
            return "ends_soon" if self.ends_soon else "covered"
        if self.queued is not None:
            return "queued"
        return "lapsed" if self.ended else "uncovered"

    @property
    def renewable_from(self) -> datetime | None:
        """When the queued period begins and another may be bought; none when it may be now."""
        return self.queued.starts_at if self.queued else None


def cover_at(periods: Iterable[Period], at: datetime) -> Cover:
    """Where a moment lies among the paid periods of one person and sector."""
    by_start = sorted(periods, key=lambda period: period.starts_at)
    queued = [period for period in by_start if period.starts_at > at]
    ended = [period for period in by_start if period.ends_at <= at]
    return Cover(
        at=at,
        current=next((period for period in by_start if period.covers(at)), None),
        queued=queued[-1] if queued else None,
        ended=ended[-1] if ended else None,
    )
