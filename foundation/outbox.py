"""The outbox: every act after a commit is a row first; the queue only tells the worker.

A service adds a row in its own transaction. After the commit `notify` tells Celery; if that
is lost (broker flushed, worker killed), `sweep` finds the row again. A handler must therefore be
safe to run twice. Five failures, or five workers killed by it, park a row and raise an alarm; an
officer lets it be tried again.
"""

import logging
import time
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from celery import shared_task
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from foundation.alarms import raise_alarm

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)  # how long one try may take before another worker may try
PAUSES = [timedelta(seconds=s) for s in (10, 60, 300, 900)]
MAX_ATTEMPTS = len(PAUSES) + 1
QUEUE = "celery"
FILES = "files"  # read by a worker of its own: what strangers send may take its twenty seconds
URGENT = timedelta(minutes=2)  # an act of this limit is for somebody who looks at the telephone
NOTIFIER_RESTS = timedelta(seconds=10)  # as often as the sweep comes by
LATE = "outbox_late"  # the alarm's kind


class NotYet(Exception):
    """A handler's word that its time has not come; trying again later is no failure."""


class Handler(Protocol):
    """Does the act for the row with this primary key."""

    def __call__(self, pk: int, *, at: datetime) -> None: ...


@dataclass(frozen=True)
class Act:
    """A handler with its name and the time by which it should have been done."""

    kind: str
    handler: Handler
    limit: timedelta
    own_queue: str = ""

    @property
    def queue(self) -> str:
        """Who waits for a code must not wait until a thousand receipts are drawn."""
        return self.own_queue or ("urgent" if self.limit <= URGENT else QUEUE)


ACTS: dict[str, Act] = {}


def task(*, limit: timedelta, queue: str = "") -> Callable[[Handler], Act]:
    """Makes a function of a `tasks` module an act; `limit` is the age at which it alarms."""

    def register(handler: Handler) -> Act:
        app = handler.__module__.partition(".")[0]
        act = Act(f"{app}.{handler.__name__}", handler, limit, queue)  # type: ignore[attr-defined]
        ACTS[act.kind] = act
        return act

    return register


class OutboxQuerySet(models.QuerySet["OutboxRow"]):
    """Filters over outbox rows."""

    def pending(self) -> "OutboxQuerySet":
        return self.filter(done_at=None, parked_at=None)

    def in_state(self, state: str) -> "OutboxQuerySet":
        """Rows of one of the words that `OutboxRow.state` knows."""
        failed = Q(parked_at__isnull=False) | Q(undelivered_at__isnull=False)
        delivered = ~failed & Q(delivered_at__isnull=False)
        done = ~failed & ~delivered & Q(done_at__isnull=False)
        return self.filter(
            {
                "failed": failed,
                "delivered": delivered,
                "sent": done & Q(sent_at__isnull=False),
                "done": done & Q(sent_at=None),
                "queued": ~failed & ~delivered & Q(done_at=None),
            }[state]
        )

    def refused(self, act: "Act", subject_id: Any) -> "OutboxQuerySet":
        """Messages about this subject that no carrier took yet, or that did not arrive."""
        is_not_taken = Q(sent_at=None) & ~Q(last_error="")
        is_lost = Q(parked_at__isnull=False) | Q(undelivered_at__isnull=False)
        return self.filter(is_not_taken | is_lost, kind=act.kind, subject_id=subject_id)

    def due(self, at: datetime) -> "OutboxQuerySet":
        """Pending rows whose next attempt has come.

        No pause lasts longer than the longest: one that is later was set by a clock that was ahead.
        """
        is_due = Q(next_attempt_at__lte=at) | Q(next_attempt_at__gt=at + 2 * PAUSES[-1])
        return self.pending().filter(is_due)


class OutboxRow(models.Model):
    """One act to do after the commit that wrote it."""

    kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)
    channel = models.CharField(max_length=4, blank=True, help_text="Set when a message went out.")
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    undelivered_at = models.DateTimeField(null=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(done_at=None, parked_at=None),
                name="outbox_pending",
            ),
            models.Index(fields=["kind", "subject_id"], name="outbox_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"

    @property
    def queue(self) -> str:
        """Where a worker waits for it; what another version wrote goes where most go."""
        return ACTS[self.kind].queue if self.kind in ACTS else QUEUE

    @property
    def state(self) -> str:
        """What became of it: queued, sent, delivered, failed; or done, when it was no message."""
        if self.parked_at or self.undelivered_at:
            return "failed"
        if self.delivered_at:
            return "delivered"
        if self.done_at is None:
            return "queued"
        return "sent" if self.sent_at else "done"


@dataclass
class Notifier:
    """The way to the broker; by the monotonic clock."""

    rests_until: float = 0.0


_notifier = Notifier()
# The row that this worker tries, and the moment: who hands a message over notes it there.
current: ContextVar[tuple[int, datetime] | None] = ContextVar("outbox row", default=None)


def add(act: Act, subject_id: int, *, at: datetime) -> OutboxRow:
    """Writes the row for `act` on the row `subject_id`, and rings once the transaction commits."""
    return add_all([act], subject_id, at=at)[0]


def add_all(acts: Sequence[Act], subject_id: int, *, at: datetime) -> list[OutboxRow]:
    """The same for several acts, by one statement and one notice; the most urgent is first."""
    rows = [
        OutboxRow(kind=act.kind, subject_id=subject_id, created_at=at, next_attempt_at=at)
        for act in sorted(acts, key=lambda act: act.limit)
    ]
    OutboxRow.objects.bulk_create(rows)
    transaction.on_commit(partial(notify, *rows))
    return rows


def notify(*rows: OutboxRow) -> None:
    """Tells a worker of the first row's queue about all of them.

    A broker that is down or hangs is no harm, the sweep comes by; for a while none is told then.
    """
    if time.monotonic() < _notifier.rests_until:
        return
    try:
        deliver.apply_async(tuple(row.pk for row in rows), queue=rows[0].queue)
    except OperationalError:
        _notifier.rests_until = time.monotonic() + NOTIFIER_RESTS.total_seconds()
        log.warning("the worker was not told; outbox row %s waits for the sweep", rows[0].pk)


@shared_task(name="foundation.deliver")
def deliver(*row_ids: int) -> None:
    """What the worker does when `notify` tells it of rows that were written together."""
    for row_id in _for_this_queue(row_ids):
        attempt(row_id, at=timezone.now())


def _for_this_queue(row_ids: Sequence[int]) -> Sequence[int]:
    """A page tells the first row's queue only; this worker tells the others, before it begins."""
    if len(row_ids) == 1:
        return row_ids
    rows = list(OutboxRow.objects.filter(pk__in=row_ids).order_by("pk"))
    others = [row for row in rows if row.queue != rows[0].queue]
    if others:
        notify(*others)
    return [row.pk for row in rows if row not in others]


def attempt(row_id: int, *, at: datetime) -> None:
    """Tries a row once, if it is due and nobody else is at it."""
    row = _claim(row_id, at)
    if row is None:
        return
    trying = current.set((row.pk, at))
    try:
        ACTS[row.kind].handler(row.subject_id, at=at)
    except NotYet:
        _put_off(row, at)
    except Exception as error:
        log.exception("outbox row %s (%s) failed", row.pk, row.kind)
        _note_failure(row, error, at)
    else:
        OutboxRow.objects.filter(pk=row.pk).update(done_at=at, last_error="")
    finally:
        current.reset(trying)


def _claim(row_id: int, at: datetime) -> OutboxRow | None:
    """Takes the row for one lease; the attempt is counted before the risk is taken."""
    with transaction.atomic():
        due = OutboxRow.objects.due(at).filter(pk=row_id)
        row = due.select_for_update(skip_locked=True).first()
        if row is None:
            return None
        if row.attempts >= MAX_ATTEMPTS:  # nobody lived to note the last failure
            _park(row, "Killed", at)
            return None
        row.attempts += 1
        row.next_attempt_at = at + LEASE
        row.save(update_fields=["attempts", "next_attempt_at"])
    return row


def _put_off(row: OutboxRow, at: datetime) -> None:
    OutboxRow.objects.filter(pk=row.pk).update(
        attempts=F("attempts") - 1, next_attempt_at=at + PAUSES[0]
    )


def _note_failure(row: OutboxRow, error: Exception, at: datetime) -> None:
    # The error's text may hold personal data; its type and the log's traceback are enough.
    reason = type(error).__name__
    if row.attempts >= MAX_ATTEMPTS:
        _park(row, reason, at)
    else:
        next_at = at + PAUSES[row.attempts - 1]
        OutboxRow.objects.filter(pk=row.pk).update(next_attempt_at=next_at, last_error=reason)


def _park(row: OutboxRow, reason: str, at: datetime) -> None:
    OutboxRow.objects.filter(pk=row.pk).update(parked_at=at, last_error=reason)
    raise_alarm("outbox_parked", f"{row.kind}:{row.pk}", at=at, detail=reason)


def sweep(*, at: datetime, most: int = 200) -> int:
    """Notifies of every due row, alarms for rows past their limit; returns how many are due."""
    for row in (due := _due_and_free(at, most)):
        notify(row)
    for kind in late_kinds(at=at):
        raise_alarm(LATE, kind, at=at, detail=f"older than {ACTS[kind].limit}")
    return len(due)


def late_kinds(*, at: datetime) -> list[str]:
    """The kinds of act of which a pending row is past its limit."""
    pending = OutboxRow.objects.pending().values_list("kind")
    oldest = dict(pending.annotate(oldest=models.Min("created_at")))
    known = [kind for kind in sorted(oldest) if kind in ACTS]  # of another version: parked in time
    return [kind for kind in known if oldest[kind] < at - ACTS[kind].limit]


@transaction.atomic
def _due_and_free(at: datetime, most: int) -> list[OutboxRow]:
    """Due rows that no worker holds at this moment, longest waiting first."""
    rows = OutboxRow.objects.due(at).select_for_update(skip_locked=True)
    return list(rows.order_by("next_attempt_at")[:most])
