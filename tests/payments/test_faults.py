"""Parts of the running portal fail, and come back: the money is there, once."""

import os
import signal
import tempfile
import time
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
import redis
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.utils import timezone

from development.keys import make_certificate
from development.server_user import short_folder
from tests.payments.faulty_portal import Portal, becomes, load

pytestmark = [pytest.mark.proof, pytest.mark.enable_socket]


@pytest.fixture(scope="module")
def portal():
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fault-", dir="/tmp")))
        folder.chmod(0o711)  # the servers' user passes through
        (folder / "log").mkdir()
        yield Portal(stack, folder, stack.enter_context(short_folder()))


def test_the_broker_is_flushed(portal):
    """What was queued is gone; the sweep finds every row again."""
    payments = portal.started(10)
    portal.stack.stop("worker")
    try:
        assert all(portal.post(payment) for payment in payments)
        redis.Redis.from_url(portal.redis_url).flushall()
        assert (portal.credited(payments), portal.drawn(payments)) == (10, 0)
    finally:
        portal.stack.start("worker")
    becomes(10, lambda: portal.drawn(payments))
    portal.holds()


def test_the_broker_is_gone(portal):
    """Payments settle all the same; what follows them waits for the broker."""
    payments = portal.started(5)
    portal.broker.close()
    try:
        began = time.monotonic()
        assert all(portal.post(payment) for payment in payments)
        assert time.monotonic() - began < 30
        assert portal.credited(payments) == 5
    finally:
        portal.start_broker()
    becomes(5, lambda: portal.drawn(payments))
    portal.holds()


def test_the_broker_hangs(portal):
    """It takes connections and answers nobody: a callback waits for it once, and shortly."""
    payments = portal.started(5)
    os.kill(portal.broker_pid(), signal.SIGSTOP)
    try:
        began = time.monotonic()
        assert all(portal.post(payment) for payment in payments)
        assert time.monotonic() - began < 15
        assert portal.credited(payments) == 5
    finally:
        os.kill(portal.broker_pid(), signal.SIGCONT)
    becomes(5, lambda: portal.drawn(payments))
    portal.holds()


def test_the_database_restarts_in_the_middle(portal):
    """A killed backend makes PostgreSQL drop every connection and recover from its log."""
    payments = portal.started(15)
    with ThreadPoolExecutor(4) as hands:
        answers = [hands.submit(portal.post, payment) for payment in payments * 2]
        for _kill in range(2):
            time.sleep(0.7)
            _kill_a_backend(portal)
        assert all(answer.result() for answer in answers)
    # A message whose judge lost his connection is judged by the clock, a minute later.
    becomes(15, lambda: portal.credited(payments))
    becomes(15, lambda: portal.drawn(payments))
    portal.holds()


def _kill_a_backend(portal):
    for _try in range(40):
        try:
            line = psycopg.connect(portal.stack.environment["DATABASE_URL"], connect_timeout=10)
        except psycopg.OperationalError:  # still recovering
            time.sleep(0.5)
            continue
        os.kill(line.info.backend_pid, signal.SIGKILL)
        line.close()
        return


def test_a_certificate_is_rotated_under_load(portal):
    """The next one counts as soon as its file is there; the old one still does."""
    old, new = portal.started(6), portal.started(6, "fpx_wrong.key")
    with load(portal, old + new):  # the file of FPX's new key comes a little late
        _trust_the_next_certificate(portal)
        becomes(12, lambda: portal.credited(old + new))
    portal.holds()


def _trust_the_next_certificate(portal):
    keys = portal.folder / "keys"
    key = load_pem_private_key((keys / "fpx_wrong.key").read_bytes(), None)
    now = timezone.now()
    day = timezone.timedelta(days=1)
    next_one = make_certificate(key, "FPX", valid_from=now - day, valid_to=now + day)
    (keys / "fpx" / "fpx_next.cer").write_bytes(next_one)


def test_the_key_of_personal_data_is_rotated_under_load(portal):
    """Both keys open while the rows are sealed anew; nothing is lost when the old one goes."""
    payments = portal.started(10)
    old = portal.stack.environment["FIELD_KEYS"]
    new = f"2:{b64encode(os.urandom(32)).decode()}"
    with load(portal, payments):
        portal.restart_with_keys(f"{new},{old}")
        portal.run("manage.py", "reencrypt")
        portal.restart_with_keys(new)
    assert portal.credited(payments) == 10
    becomes(10, lambda: portal.drawn(payments))
    sealed = "SELECT count(*) FROM payments_gatewaymessage WHERE raw NOT LIKE %s"
    assert portal.query(sealed, "2:%") == 0
    portal.holds()


def test_fpx_is_down(portal):
    """No list, no answer to an enquiry: a payment waits, and its callback settles it."""
    payments = portal.started(2)
    portal.stack.stop("sandbox")
    try:
        reference = payments[0]["reference"]
        portal.query(
            "UPDATE payments_payment SET next_enquiry_at = now() WHERE reference = %s RETURNING 1",
            reference,
        )
        becomes(
            False,
            lambda: portal.query(
                "SELECT last_enquired_at IS NULL FROM payments_payment WHERE reference = %s",
                reference,
            ),
        )
        assert portal.credited(payments) == 0
        assert portal.post(payments[0])
        assert portal.credited(payments) == 1
    finally:
        portal.stack.start("sandbox")
    assert portal.post(payments[1])
    assert portal.credited(payments) == 2
    portal.holds()
