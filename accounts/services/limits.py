"""How often somebody may ask for something: `settings.LIMITS`, counted in the database.

A window begins with its first try. A limit with waits grows instead: each try beyond its number has
to wait for longer after the one before, until nobody has tried for a whole window. What a stranger
does is counted apart from what the owner does, so nobody can be locked out by somebody else.
"""

import math
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import Tally
from foundation.encryption import keyed_digest
from foundation.refusals import Refusal


class TooMany(Refusal):
    """The limit is used up; `wait` and, in whole ones, `minutes` say when to come again."""

    words = _("Terlalu banyak cubaan. Cuba lagi selepas %(minutes)d minit")

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        self.minutes = max(1, math.ceil(wait / timedelta(minutes=1)))
        super().__init__(str(self.words) % {"minutes": self.minutes})


def take(limit: str, who: str, *, at: datetime) -> None:
    """Counts one try of `who` against a limit before the risk is taken; raises TooMany."""
    how_many, within, *waits = settings.LIMITS[limit]
    key = _key(limit, who)
    while True:
        tally = Tally.objects.filter(key=key).first() or _first_tally(key, at)
        seen = {"pk": tally.pk, "count": tally.count, "started_at": tally.started_at}
        wait = _wait(tally, how_many, within, waits, at)
        if not wait:
            tally.count += 1
            if waits:
                tally.started_at = at
        # Written even if nothing changed: a refusal costs the same queries.
        rows = Tally.objects.filter(**seen)
        if rows.update(count=tally.count, started_at=tally.started_at):
            break  # nobody else has counted since it was seen
    if wait:
        raise TooMany(wait)


def _first_tally(key: str, at: datetime) -> Tally:
    Tally.objects.bulk_create([Tally(key=key, started_at=at)], ignore_conflicts=True)
    return Tally.objects.get(key=key)


def is_free(limit: str, who: str, *, at: datetime) -> bool:
    """Counts one try of `who` as `take` does; False when the limit is used up."""
    try:
        take(limit, who, at=at)
    except TooMany:
        return False
    return True


def _wait(
    tally: Tally, how_many: int, within: timedelta, waits: list[timedelta], at: datetime
) -> timedelta | None:
    """How long the next try has to wait; a window that is over begins anew."""
    if tally.count == 0 or tally.started_at <= at - within:
        tally.started_at, tally.count = at, 0
    if tally.count < how_many:
        return None
    if waits:
        within = waits[min(tally.count - how_many, len(waits) - 1)]
    left = tally.started_at + within - at
    return left if left > timedelta(0) else None


def spend(limit: str, who: str, much: int, *, at: datetime) -> None:
    """Counts what somebody has used of a limit, once it is known; that may be more than it has."""
    _how_many, within, *_waits = settings.LIMITS[limit]
    key = _key(limit, who)
    tally = Tally.objects.filter(key=key).first() or _first_tally(key, at)
    begun_anew = Tally.objects.filter(pk=tally.pk, started_at__lte=at - within)
    if not begun_anew.update(count=much, started_at=at):
        Tally.objects.filter(pk=tally.pk).update(count=F("count") + much)


def is_used_up(limit: str, who: str, *, at: datetime) -> bool:
    """True when nothing is left of it; nothing is counted."""
    how_many, within, *_waits = settings.LIMITS[limit]
    used = Tally.objects.filter(key=_key(limit, who), count__gte=how_many)
    return used.filter(started_at__gt=at - within).exists()


def give_back(limit: str, who: str) -> None:
    """Takes one try back: it turned out to be honest."""
    Tally.objects.filter(key=_key(limit, who), count__gt=0).update(count=F("count") - 1)


def forget(limit: str, who: str) -> None:
    """Begins a limit anew: whoever it counts has proved who they are."""
    # Not deleted: another tab may be waiting for the row.
    Tally.objects.filter(key=_key(limit, who)).update(count=0)


def name_of(who: str) -> str:
    """A steady name of somebody who is counted; it does not tell who that is."""
    return keyed_digest("limit", who)[:16]


def _key(limit: str, who: str) -> str:
    return keyed_digest(f"limit:{limit}", who)
