"""What the clock starts runs once at a time: two clocks, or a slow run, do no harm."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from celery import Task
from django.db import DatabaseError, connection
from django.utils import timezone

from foundation.alarms import raise_alarm

log = logging.getLogger(__name__)
_SPACE = 789  # of all our advisory locks; the Act's number


class ClockedTask(Task):  # type: ignore[type-arg]
    """A task that, when it stands in the clock's schedule, skips a run while another one lasts."""

    def on_failure(self, exc: Exception, task_id: str, args: Any, kwargs: Any, einfo: Any) -> None:
        """What a task did not expect, somebody must look at; rows of the outbox have their own."""
        raise_alarm("task_failed", self.name[:80], at=timezone.now(), detail=type(exc).__name__)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.request.called_directly or self.name not in _scheduled(self):
            return super().__call__(*args, **kwargs)
        with only_one(self.name) as is_free:
            if is_free:
                return super().__call__(*args, **kwargs)
        log.info("%s runs already", self.name)
        return None


def _scheduled(task: ClockedTask) -> set[str]:
    return {entry["task"] for entry in task.app.conf.beat_schedule.values()}


@contextmanager
def only_one(name: str) -> Iterator[bool]:
    """Holds the advisory lock `name`; yields False, and holds nothing, while somebody else does.

    It is the session's, not a transaction's: a job may ask FPX, and no transaction is open then.
    A worker that is killed gives it back with its connection.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [_SPACE, name])
        is_free = bool(cursor.fetchone()[0])
    try:
        yield is_free
    finally:
        if is_free:
            _give_back(name)


def _give_back(name: str) -> None:
    with suppress(DatabaseError), connection.cursor() as cursor:  # gone with its connection
        cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [_SPACE, name])
