"""What is measured: a page, a callback, a receipt, a log-in, each beside its reference."""

import sys
import time
from collections.abc import Iterator
from uuid import uuid4

import django

django.setup()

from django.conf import settings  # noqa: E402 (all of these need loaded apps)
from django.contrib.auth.hashers import check_password, make_password  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from accounts.services import devices, log_in  # noqa: E402
from development.bench import callbacks, desk, receipts, refusals, uploads  # noqa: E402
from development.bench.load import Request, Result, hammer  # noqa: E402
from development.bench.timing import compared, cpu_ms  # noqa: E402
from development.cast import crowd_member, make, yearly  # noqa: E402
from development.people import PASSWORD  # noqa: E402
from development.processes import Program  # noqa: E402
from development.stack import ROOT, Stack  # noqa: E402

PAGES = 1500
LOG_INS = 40
BARE_PORT_ABOVE = 1


def measure_all(stack: Stack) -> Iterator[str]:
    """The table, line by line, as it is known."""
    driver = _person(0, yearly)
    yield from _dashboard(stack, driver)
    yield from callbacks.measure(stack)
    yield from receipts.measure()
    yield from _log_ins(driver)
    yield from uploads.measure()
    yield from desk.measure(driver)


def _person(number: int, story: object) -> User:
    person, _story = crowd_member(number)
    make(person, story, at=timezone.now())  # type: ignore[arg-type]
    return User.objects.opened().with_ic_number(person.ic_number).get()


def _dashboard(stack: Stack, driver: User) -> Iterator[str]:
    """The signed-in dashboard beside a bare Django page with the same session and user."""
    client = Client()
    client.force_login(driver)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    requests = [Request("/saya/", {"Cookie": cookie})] * PAGES
    ours = hammer(settings.PORT, requests, server_pid=stack.programs["web"].process.pid)
    with_bare = _bare(stack, [Request("/", {"Cookie": cookie})] * PAGES)
    yield from _pair("dashboard", ours, "bare page", with_bare)


def _bare(stack: Stack, requests: list[Request]) -> Result:
    port = settings.PORT + BARE_PORT_ABOVE
    environment = stack.environment | {
        "DJANGO_SETTINGS_MODULE": "development.bench.bare",
        "DATABASE_POOL": "1",
    }
    command = ["gunicorn", "perkeso.wsgi", "--config", "python:perkeso.web_server"]
    log = stack.data_dir / "log" / "bare.log"
    bare = Program(
        "bare",
        [sys.executable, "-m", *command, "--bind", f"127.0.0.1:{port}"],
        log,
        environment=environment,
        folder=ROOT,
    )
    try:
        bare.wait_until(lambda: "Booting worker" in log.read_text())
        time.sleep(2)
        hammer(port, requests[:100], server_pid=bare.process.pid)
        return hammer(port, requests, server_pid=bare.process.pid)
    finally:
        bare.stop()


def _log_ins(driver: User) -> Iterator[str]:
    """Checking a password by the service, beside the bare hash."""
    ic_number = str(driver.ic_number)
    encoded = make_password(PASSWORD)
    device = devices.remember_device(user=driver, old_secret="", at=timezone.now())

    def once() -> None:
        log_in.authenticate(
            ic_number=ic_number,
            password=PASSWORD,
            device_secret=device.secret,
            network="bench",
            attempt=uuid4(),
            at=timezone.now(),
        )

    ours = cpu_ms(once, LOG_INS)
    yield compared("log-in", ours, "bare hash", cpu_ms(lambda: _check(encoded), LOG_INS))
    yield from refusals.measure(ic_number)


def _check(encoded: str) -> None:
    check_password(PASSWORD, encoded)


def _pair(name: str, ours: Result, reference: str, theirs: Result) -> Iterator[str]:
    for title, result in ((name, ours), (reference, theirs)):
        yield f"{title:<22} {result.per_second:8.0f} /s  {result.cpu_ms:6.2f} ms CPU each"
        if result.failures:
            yield f"  {result.failures} answers were not 200"
    yield f"  ratio of CPU {ours.cpu_ms / theirs.cpu_ms:.2f}"
