"""What a journey needs: the real portal with its outside world, and a phone-sized browser."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page, expect

from development.stack import Stack, free_ports, running_stack

HERE = Path(__file__).parent
PHONE = {"width": 360, "height": 800}
expect.set_options(timeout=20_000)  # the machine may have more to do than this
OpenPage = Callable[..., Page]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what lies here as journeys, which alone may open sockets."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.enable_socket)


@pytest.fixture(scope="session")
def portal() -> Iterator[Stack]:
    """A running copy of its own, with its addresses; `.stop("worker")` and `.start("worker")`."""
    with tempfile.TemporaryDirectory(prefix="journey-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)  # the servers' user passes through
        known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        environment = {**known, "DATA_DIR": folder, **free_ports()}
        with running_stack(environment, durable=False) as stack:
            yield stack


@pytest.fixture
def database(portal: Stack) -> Iterator[psycopg.Connection]:
    """The running portal's own database, to look at rows."""
    with psycopg.connect(portal.environment["DATABASE_URL"], autocommit=True) as connection:
        yield connection


@pytest.fixture
def choose_scenario(portal: Stack) -> Iterator[Callable[..., None]]:
    """Sets what the next payments and texts meet; back to normal afterwards."""

    def choose(name: str, seconds: int = 2) -> None:
        form = {"name": name, "seconds": seconds}
        requests.post(f"{portal.sandbox_url}/senario/", form, timeout=10).raise_for_status()

    yield choose
    choose("normal")


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens a page in a browser context of its own: `open_page(has_script=False, width=320)`.

    A script's error or a breach of the content security policy fails the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_one(*, has_script: bool = True, width: int = PHONE["width"]) -> Page:
        context = browser.new_context(
            viewport={**PHONE, "width": width},
            java_script_enabled=has_script,
            locale="ms-MY",
            timezone_id="Asia/Kuala_Lumpur",
        )
        contexts.append(context)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("console", lambda message: complaints.extend(_breaches(message.text)))
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


def _breaches(text: str) -> list[str]:
    return [text] if "Content Security Policy" in text else []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A phone."""
    return open_page()


@pytest.fixture
def page_without_script(open_page: OpenPage) -> Page:
    """A phone whose browser runs no script."""
    return open_page(has_script=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    """Shows what stood on the page when a journey failed."""
    report = yield
    if report.when == "call" and report.failed:
        pages = [value for value in item.funcargs.values() if isinstance(value, Page)]
        for shown in (tab for page in pages for tab in page.context.pages):
            report.sections.append((f"Page {shown.url}", shown.locator("body").inner_text()))
    return report
