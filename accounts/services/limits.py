"""How often somebody may ask for something: `settings.LIMITS`, counted in the database.

A window begins with its first try. What a stranger does is counted apart from what the owner does,
so nobody can be locked out by somebody else.
"""

import math
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Tally
from perkeso.encryption import keyed_digest


class TooMany(Exception):
    """The limit is used up; `minutes` says when to come again."""

    def __init__(self, wait: timedelta) -> None:
        self.minutes = max(1, math.ceil(wait / timedelta(minutes=1)))
        super().__init__(
            _("Terlalu banyak cubaan. Cuba lagi selepas %(minutes)d minit")
            % {"minutes": self.minutes}
        )


def take(limit: str, who: str, *, at: datetime) -> None:
    """Counts one try of `who` against a limit before the risk is taken; raises TooMany."""
    how_many, within = settings.LIMITS[limit]
    with transaction.atomic():
        tally, _is_new = Tally.objects.select_for_update().get_or_create(
            key=_key(limit, who), defaults={"started_at": at}
        )
        if tally.count == 0 or tally.started_at <= at - within:
            tally.started_at, tally.count = at, 0
        if tally.count >= how_many:
            raise TooMany(tally.started_at + within - at)
        tally.count += 1
        tally.save(update_fields=["started_at", "count"])


def give_back(limit: str, who: str) -> None:
    """Takes one try back: it turned out to be honest."""
    with transaction.atomic():
        tally = Tally.objects.select_for_update().filter(key=_key(limit, who), count__gt=0).first()
        if tally is not None:
            tally.count -= 1
            tally.save(update_fields=["count"])


def forget(limit: str, who: str) -> None:
    """Begins a limit anew: who it counts has proved himself."""
    # Not deleted: another tab may be waiting for the row.
    Tally.objects.filter(key=_key(limit, who)).update(count=0)


def _key(limit: str, who: str) -> str:
    return keyed_digest(f"limit:{limit}", who)
