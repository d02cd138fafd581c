"""A running copy of the portal whose parts a test may take away."""

import json
import os
import socket
import struct
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import count
from threading import Event

import psycopg
import requests

from development.servers import _valkey
from development.stack import ROOT, free_ports, running_stack
from foundation import outbox

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
            timeout=PATIENCE_SECONDS,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def restart_with_keys(self, keys):
        """As operators do: the programs that read personal data start again with these keys."""
        self.stack.environment["FIELD_KEYS"] = keys
        for name in ("worker", "web"):
            self.stack.stop(name)
        self.stack.start("worker", "web")

    def started(self, number, key_name="fpx.key"):
        """So many payments at the bank, with FPX's callback of each."""
        first = str(next(_drivers))
        words = ["-m", "tests.payments.started", first, str(number), key_name]
        return json.loads(self.run(*words))

    def post(self, payment):
        """FPX's callback, repeated as FPX does until it reads OK."""
        with requests.Session() as line:
            line.trust_env = False
            deadline = time.monotonic() + PATIENCE_SECONDS
            while time.monotonic() < deadline:
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
                with psycopg.connect(address, autocommit=True, connect_timeout=10) as line:
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


@contextmanager
def load(portal, payments):
    """Four hands post these callbacks over and over while the block runs; each is answered."""
    is_over = Event()

    def post_on(mine):
        while True:
            assert all(portal.post(payment) for payment in mine)
            if is_over.is_set():
                return

    with ThreadPoolExecutor(4) as hands:
        posting = [hands.submit(post_on, payments[first::4]) for first in range(4)]
        try:
            yield
        finally:
            is_over.set()
        for hand in posting:
            hand.result()


def becomes(expected, look):
    """Waits until `look()` is what is expected."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while look() != expected and time.monotonic() < deadline:
        time.sleep(0.5)
    assert look() == expected
