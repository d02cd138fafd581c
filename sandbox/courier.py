"""Carries messages to the merchant, each in a thread of its own so that the bank keeps answering.

The direct answer of a payment wants the plain text `OK` and is repeated when it gets anything else.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Thread

import requests
from django.db import connection
from django.utils import timezone

from sandbox import bank, settings
from sandbox.models import Delivery, FpxTransaction

logger = logging.getLogger(__name__)
IDLE_SECONDS = 0.25
_due = Event()


def notify() -> None:
    """Tells the courier that there is something to carry."""
    _due.set()


def start() -> None:
    """Starts carrying; what an earlier run left half-way is carried again."""
    Delivery.objects.filter(done_at=None).update(is_taken=False)
    Thread(target=_work, name="courier", daemon=True).start()


def wait_until_told(payment: FpxTransaction, *, patience_seconds: float) -> None:
    """Waits for the first try of what is due, as the exchange does before it lets a browser go."""
    notify()
    deadline = time.monotonic() + patience_seconds
    waiting = Delivery.objects.filter(transaction=payment, attempts=0, due_at__lte=timezone.now())
    while time.monotonic() < deadline and waiting.exists():
        time.sleep(0.02)


def _work() -> None:
    while True:
        try:
            bank.end_sessions(at=timezone.now())
            _send_due(at=timezone.now())
        except Exception:
            # A courier that dies would be missed only later, by a message that never comes.
            logger.exception("the courier stumbled")
        _due.wait(IDLE_SECONDS)
        _due.clear()


def _send_due(*, at: datetime) -> None:
    due = Delivery.objects.filter(due_at__lte=at, is_taken=False, done_at=None)
    for delivery in due.select_related("transaction"):
        Delivery.objects.filter(pk=delivery.pk).update(is_taken=True)
        Thread(target=_alone, args=(_carry, delivery), daemon=True).start()


def _alone(carry: Callable[[Delivery], None], delivery: Delivery) -> None:
    """Runs in a thread, with a connection to the store that ends with it."""
    try:
        carry(delivery)
    except Exception:
        logger.exception("delivery %s stumbled", delivery.pk)
    finally:
        connection.close()


def _carry(delivery: Delivery) -> None:
    """Sends it once and notes the answer."""
    answer = _post(delivery.url, delivery.body)
    delivery.attempts += 1
    delivery.answer = answer[:200]
    is_repeated = delivery.kind == Delivery.Kind.DIRECT and answer != "200 OK"
    if is_repeated and delivery.attempts <= settings.FPX_REPEATS:
        delivery.due_at = timezone.now() + timedelta(seconds=settings.FPX_REPEAT_SECONDS)
        delivery.is_taken = False
    else:
        delivery.done_at = timezone.now()
    delivery.save()
    logger.info("%s %s: %s", delivery.kind, delivery.pk, delivery.answer)


def _post(url: str, body: str) -> str:
    """Posts a form, past any proxy of the environment; returns status and body, or why not."""
    with requests.Session() as session:
        session.trust_env = False
        try:
            response = session.post(
                url,
                data=body.encode(),
                headers={"Content-Type": "application/x-www-form-urlencoded"},
                timeout=settings.FPX_DIRECT_TIMEOUT,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            return type(error).__name__
    return f"{response.status_code} {response.text}"
