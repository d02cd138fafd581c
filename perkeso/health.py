"""Whether this process can serve, and how the parts behind it are.

Load balancers and engines ask by plain http on the pod's own address: neither https nor the host's
name matters here (`perkeso.middleware.HealthMiddleware`). What is looked at is remembered for some
seconds, so that nobody outside makes us look more often.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from foundation.alarms import raise_alarm
from foundation.heartbeat import WORKER, beat, last_beat

log = logging.getLogger(__name__)

WORKER_SILENCE = timedelta(seconds=60)
BROKER_SECONDS = 1
REMEMBERED_SECONDS = 5
# Without it nothing can be answered; without the others drivers and banks are served all the same.
NEEDED = "database"


class Silent(Exception):
    """No worker has answered for a minute."""


@dataclass
class Memory:
    """What failed when somebody last looked; by the monotonic clock."""

    failing: list[str] = field(default_factory=list)
    good_until: float = 0.0


_memory = Memory()


@login_not_required
@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Answers as long as the process does, whatever else is down."""
    return HttpResponse("hidup\n", content_type="text/plain; charset=utf-8")


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 while this process can serve; names the parts that fail, and leaves why to the log."""
    failing = _failing(timezone.now())
    is_ready = NEEDED not in failing
    report = {"ready": is_ready, "failing": failing}
    return JsonResponse(report, status=200 if is_ready else 503)


def note_worker(*, at: datetime) -> None:
    beat(WORKER, at=at)


def watch_storage(*, at: datetime) -> None:
    """Raises an alarm when no file can be written; a full or read-only disk shows only then."""
    try:
        name = default_storage.save(f"sihat/{uuid4()}", ContentFile(b"sihat"))
        default_storage.delete(name)
    except Exception as error:  # whatever a storage raises
        log.warning("the storage takes no file", exc_info=True)
        raise_alarm("storage", "", at=at, detail=type(error).__name__)


def _failing(at: datetime) -> list[str]:
    """The parts that fail. Two threads may look at one time: no lock to hang on."""
    if time.monotonic() >= _memory.good_until:
        _memory.failing = _looked_at(at)
        _memory.good_until = time.monotonic() + REMEMBERED_SECONDS
    return _memory.failing


def _looked_at(at: datetime) -> list[str]:
    if not _passes(NEEDED, _database, at):
        return [NEEDED]  # the others could not be told apart from it
    return [name for name, check in OTHERS.items() if not _passes(name, check, at)]


def _passes(name: str, check: Callable[[datetime], None], at: datetime) -> bool:
    try:
        check(at)
    except Exception:  # whatever a part raises, it is not ready
        log.warning("%s is not ready", name, exc_info=True)
        return False
    return True


def _database(at: datetime) -> None:
    last_beat(WORKER)


def _broker(at: datetime) -> None:
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_SECONDS)


def _worker(at: datetime) -> None:
    seen_at = last_beat(WORKER)
    if seen_at is None or at - seen_at > WORKER_SILENCE:
        raise Silent


VIEWS: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/sihat/hidup/": alive,
    "/sihat/sedia/": ready,
}
OTHERS: dict[str, Callable[[datetime], None]] = {"broker": _broker, "worker": _worker}
