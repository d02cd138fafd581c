"""The only way a status changes: one table per life cycle, compare-and-swap, a row of history.

A model that has a life cycle nests `Status`, states `TRANSITIONS` right below it, has
`triggers.life_cycle()` in its `Meta`, so that the database refuses what the table forbids, and a
history model derived from `StatusChange` with `related_name="status_changes"`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Protocol

from django.conf import settings
from django.db import models, transaction

from foundation import triggers

Transitions = Mapping[str, frozenset[str] | set[str]]


class ForbiddenMove(Exception):
    """The life cycle has no such transition."""


class StaleStatus(Exception):
    """Somebody else moved the row first; load it again."""


class StatusChange(models.Model):
    """One row of history: who moved a row from where to where, when and why."""

    from_status = models.CharField(max_length=20)
    to_status = models.CharField(max_length=20)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    note = models.TextField(blank=True)

    class Meta:
        abstract = True
        ordering = ["at", "pk"]
        triggers = triggers.kept()

    def __str__(self) -> str:
        return f"{self.from_status} → {self.to_status}"


class HasLifeCycle(Protocol):
    """What `move` needs of a row."""

    TRANSITIONS: ClassVar[Transitions]
    pk: Any
    status: Any
    status_changes: Any
    _meta: ClassVar[Any]


class HasTones(Protocol):
    """A row whose status is shown with a tone: success, info, warning, error or neutral."""

    TONES: ClassVar[dict[str, str]]
    status: Any


def move(
    row: HasLifeCycle, to: str, *, at: datetime, by: Any = None, note: str = "", **changes: Any
) -> None:
    """Moves `row` to status `to`, with `changes` to other columns, and writes history.

    `by` is the acting user, None when the portal itself acts. Raises ForbiddenMove when the table
    has no such transition, StaleStatus when the row in the database no longer has the status that
    `row` was loaded with.
    """
    before = str(row.status)
    if to not in row.TRANSITIONS[before]:
        raise ForbiddenMove(f"{row._meta.label} may not go from {before} to {to}")
    # No savepoint of its own: what moves money is in a transaction already, and pays for each.
    with transaction.atomic(savepoint=False):
        rows = row._meta.base_manager.filter(pk=row.pk, status=before)
        is_moved = rows.update(status=to, **changes)
        if is_moved:
            row.status_changes.create(from_status=before, to_status=to, by=by, at=at, note=note)
    if not is_moved:
        raise StaleStatus(f"{row._meta.label} {row.pk} is no longer {before}")
    for name, value in {"status": to, **changes}.items():
        setattr(row, name, value)
