"""Parts of the running portal fail, and come back: the money is there, once."""

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import psycopg
import pytest
import redis
import requests
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.utils import timezone

from development.keys import make_certificate
from development.server_user import short_folder
from development.servers import _valkey
from development.stack import ROOT, free_ports, running_stack
from perkeso import outbox

pytestmark = [pytest.mark.proof, pytest.mark.enable_socket]
PATIENCE_SECONDS = outbox.LEASE.total_seconds() + 60  # a try that died is due after its lease
_drivers = count(0, 100)


class Portal:
    """A running copy whose broker can be taken away."""

    def __init__(self, stack, folder, sockets):
        self.folder, self.sockets = folder, sockets
        self.broker = ExitStack()
        self.redis_url = self.start_broker()
        environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), **free_ports()}
        environment["REDIS_URL"] = self.redis_url
        self.stack = stack.enter_context(running_stack(environment, durable=False))
        self.url = f"{self.stack.portal_url}/bayaran/fpx/langsung/"
        stack.callback(self.broker.close)

    def start_broker(self):
        """An empty one: nothing that was queued before is there."""
        return self.broker.enter_context(_valkey(self.folder, self.sockets, durable=False))

    def broker_pid(self):
        """The process that listens on the broker's socket."""
        place = self.redis_url.removeprefix("unix://")
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(place)
            asked = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        return struct.unpack("3i", asked)[0]

    def run(self, *words):
        """A command of the portal's; what it printed."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env=self.stack.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def started(self, number, key_name="fpx.key"):
        """So many payments at the bank, with FPX's callback of each."""
        first = str(next(_drivers))
        words = ["-m", "tests.payments.started", first, str(number), key_name]
        return json.loads(self.run(*words))

    def post(self, payment):
        """FPX's callback, repeated as FPX does until it reads OK."""
        with requests.Session() as line:
            line.trust_env = False
            for _try in range(60):
                try:
                    answer = line.post(
                        self.url,
                        payment["body"].encode("latin-1"),
                        headers={"Content-Type": "application/x-www-form-urlencoded"},
                        timeout=20,
                    )
                    if answer.text == "OK":
                        return True
                except requests.RequestException:
                    pass
                time.sleep(0.5)
        return False

    def query(self, sql, *values):
        """One number of the database, asked again while it recovers."""
        address = self.stack.environment["DATABASE_URL"]
        for _try in range(60):
            try:
                with psycopg.connect(address, autocommit=True) as line:
                    return line.execute(sql, values).fetchone()[0]
            except psycopg.OperationalError:
                time.sleep(0.5)
        raise AssertionError("the database does not come back")

    def credited(self, payments):
        """How many receipts these payments have."""
        references = [payment["reference"] for payment in payments]
        return self.query(
            "SELECT count(*) FROM receipts_receipt WHERE payment_reference = ANY(%s)", references
        )

    def drawn(self, payments):
        """How many of them are drawn."""
        references = [payment["reference"] for payment in payments]
        return self.query(
            "SELECT count(drawn_at) FROM receipts_receipt WHERE payment_reference = ANY(%s)",
            references,
        )

    def holds(self):
        """Every invariant, looked at from outside."""
        assert self.run("manage.py", "check_invariants") == "Every invariant holds.\n"


def becomes(expected, look):
    """Waits until `look()` is what is expected."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while look() != expected and time.monotonic() < deadline:
        time.sleep(0.5)
    assert look() == expected


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
    assert portal.credited(payments) == 15
    becomes(15, lambda: portal.drawn(payments))
    portal.holds()


def _kill_a_backend(portal):
    for _try in range(40):
        try:
            line = psycopg.connect(portal.stack.environment["DATABASE_URL"])
        except psycopg.OperationalError:  # still recovering
            time.sleep(0.5)
            continue
        os.kill(line.info.backend_pid, signal.SIGKILL)
        line.close()
        return


def test_a_certificate_is_rotated(portal):
    """The next one counts as soon as its file is there; the old one still does."""
    old, new = portal.started(1), portal.started(1, "fpx_wrong.key")
    keys = portal.folder / "keys"
    key = load_pem_private_key((keys / "fpx_wrong.key").read_bytes(), None)
    now = timezone.now()
    day = timezone.timedelta(days=1)
    next_one = make_certificate(key, "FPX", valid_from=now - day, valid_to=now + day)
    (keys / "fpx" / "fpx_next.cer").write_bytes(next_one)
    assert portal.post(new[0])
    assert portal.post(old[0])
    assert portal.credited(old + new) == 2
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
