"""Whether this copy of the portal runs, and whether it can do its work."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

log = logging.getLogger(__name__)

WORKER_SILENCE = timedelta(seconds=60)
BROKER_SECONDS = 2
_HEARTBEAT = "worker-heartbeat"


class Silent(Exception):
    """No worker has answered for a minute."""


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
    """Names the parts that fail; why they do is for the log alone."""
    at = timezone.now()
    failing = [name for name, check in CHECKS.items() if not _passes(name, check, at)]
    return JsonResponse({"ready": not failing, "failing": failing}, status=503 if failing else 200)


def note_worker(*, at: datetime) -> None:
    """Notes that a worker was at work at this moment; a job does so three times a minute."""
    cache.set(_HEARTBEAT, at, timeout=2 * WORKER_SILENCE.total_seconds())


def _passes(name: str, check: Callable[[datetime], None], at: datetime) -> bool:
    try:
        check(at)
    except Exception:  # whatever a part raises, it is not ready
        log.warning("%s is not ready", name, exc_info=True)
        return False
    return True


def _database(at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _broker(at: datetime) -> None:
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_SECONDS)


def _storage(at: datetime) -> None:
    # A full or read-only disk shows only when written to.
    name = default_storage.save(f"sihat/{uuid4()}", ContentFile(b"sihat"))
    default_storage.delete(name)


def _worker(at: datetime) -> None:
    noted_at = cache.get(_HEARTBEAT)
    if noted_at is None or at - noted_at > WORKER_SILENCE:
        raise Silent


CHECKS: dict[str, Callable[[datetime], None]] = {
    "database": _database,
    "broker": _broker,
    "storage": _storage,
    "worker": _worker,
}
