"""What every test stands on: its own servers and keys, reference data, a fixed moment."""

import asyncio
import os
import tempfile
from collections.abc import Coroutine, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

import django
import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.db.models.signals import post_migrate
from django.utils import translation
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import sync_playwright

from development import chromium
from development.keys import make_keys, read_secrets
from development.prepare import load_reference_data
from development.servers import running_servers
from development.variables import settings_variables
from tests.browser import Browser

_run = asyncio.run
KUALA_LUMPUR = ZoneInfo("Asia/Kuala_Lumpur")
ENVIRONMENT = {
    "FAST_HASHER": "1",
    "HASHED_STATIC": "0",
    "PORT": "8000",
    "SANDBOX_PORT": "8100",
    "LOG_LEVEL": "WARNING",
}


def pytest_configure(config: pytest.Config) -> None:
    """Prepares the environment, then loads the settings.

    They are named here, not in pyproject.toml, because pytest-django would load them too early.
    """
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        _share_servers(int(worker.removeprefix("gw")))
    else:
        stack = ExitStack()
        config.add_cleanup(stack.close)
        _start_servers(stack)
    os.environ["DJANGO_SETTINGS_MODULE"] = "perkeso.settings"
    django.setup()
    del os.environ["DJANGO_SETTINGS_MODULE"]  # a worker started from here would load them too early


def _start_servers(stack: ExitStack) -> None:
    """Starts servers of this run's own and makes its keys; the environment tells the settings."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="test-", dir="/tmp")))
    folder.chmod(0o711)  # the servers' user passes through
    (folder / "static").mkdir()  # WhiteNoise warns when there is none
    for name in settings_variables() - {"DATABASE_URL", "REDIS_URL"}:
        os.environ.pop(name, None)  # what a developer has set for `make run` is not for tests
    os.environ |= ENVIRONMENT | stack.enter_context(running_servers(folder, durable=False))
    make_keys(folder / "keys")
    os.environ |= read_secrets(folder / "keys") | {"DATA_DIR": str(folder)}


def _share_servers(number: int) -> None:
    """Gives an xdist worker its own files and its own part of the controller's Valkey."""
    shared = Path(os.environ["DATA_DIR"])
    own = shared / f"worker{number}"
    (own / "static").mkdir(parents=True)
    (own / "keys").symlink_to(shared / "keys")
    os.environ["DATA_DIR"] = str(own)
    os.environ["REDIS_URL"] += f"?db={number}"


@pytest.fixture(scope="session", autouse=True)
def reference_data() -> Iterator[None]:
    """Loads it when tables are new and, after a test that really commits, empty again."""
    last = list(apps.get_app_configs())[-1]
    post_migrate.connect(load, sender=last)
    yield
    post_migrate.disconnect(load, sender=last)


def load(**signal: object) -> None:
    """Receives Django's word that the tables stand.

    A test that really commits is followed by emptying all tables, those of history too.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE tgtype & 32 <> 0")
        for table, trigger in cursor.fetchall():  # 32: before TRUNCATE
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    load_reference_data()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's; what Playwright's own greenlets have opened is closed before the end."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def clean_language() -> Iterator[None]:
    """Leaves no language to the next test."""
    yield
    translation.activate("ms")


@pytest.fixture
def at() -> datetime:
    """The moment at which tests happen: Sunday, 22 November 2026, 10 o'clock in Kuala Lumpur."""
    return datetime(2026, 11, 22, 10, 0, tzinfo=KUALA_LUMPUR)


@pytest.fixture
def clock(at: datetime) -> Iterator[time_machine.Traveller]:
    """Stands still at the tests' moment; `clock.move_to` and `clock.shift` move it."""
    with time_machine.travel(at, tick=False) as traveller:
        yield traveller


@pytest.fixture
def client() -> Browser:
    """A browser of nobody yet."""
    return Browser()


@pytest.fixture
def patient(settings: Any) -> None:
    """A browser whose session lives on however far a test moves the clock."""
    settings.SESSION_COOKIE_AGE = 366 * 24 * 60 * 60


@pytest.fixture(scope="session")
def browser() -> Iterator[Chromium]:
    """The machine's Chromium, one for all: two of Playwright cannot share a thread."""
    launch = {"executable_path": chromium.program(), "args": chromium.FLAGS}
    # Playwright's loop runs in this thread, where Django would refuse to close its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright, mock.patch("asyncio.run", _run_apart):
        browser = playwright.chromium.launch(**launch)
        yield browser
        browser.close()


def _run_apart(work: Coroutine[Any, Any, Any]) -> Any:
    """`asyncio.run` for the signer of receipts, which starts a loop where Playwright's runs."""
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        return _run(work)
    finally:
        asyncio._set_running_loop(loop)
