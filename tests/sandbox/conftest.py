"""One running outside world for all its tests; each test gets a listening portal of its own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.sandbox.world import SMS_KEY, Keys, Portal, World, free_port, start_sandbox


@pytest.fixture(scope="session")
def keys() -> Keys:
    return Keys(Path(os.environ["DATA_DIR"]) / "keys")


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory, keys: Keys) -> Iterator[tuple[int, int, int]]:
    """The ports of pages, mail and the portal."""
    portal_port = free_port()
    process, port, smtp_port = start_sandbox(
        tmp_path_factory.mktemp("dunia"),
        keys,
        SMS_KEY,
        PORTAL_URL=f"http://127.0.0.1:{portal_port}",
        FPX_REPEATS="2",
        FPX_REPEAT_SECONDS="0.1",
    )
    yield port, smtp_port, portal_port
    process.terminate()
    process.wait(10)


@pytest.fixture
def world(socket_enabled: None, running: tuple[int, int, int], keys: Keys) -> Iterator[World]:
    """The outside world, with every scenario back to normal."""
    port, smtp_port, portal_port = running
    portal = Portal(portal_port)
    server = portal.listen()
    with requests.Session() as session:
        session.trust_env = False
        world = World(port, smtp_port, SMS_KEY, keys, session, portal)
        world.choose("normal", 0)
        yield world
    server.shutdown()
    server.server_close()


@pytest.fixture
def portal(world: World) -> Portal:
    return world.portal
