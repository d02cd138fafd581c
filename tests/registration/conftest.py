"""These tests happen at one moment; files are read inside the reader's limits."""

from contextlib import ExitStack

import pytest

from tests.registration.inside import Inside


@pytest.fixture(autouse=True)
def still(clock):
    """Views ask the clock: it shows `at`."""


@pytest.fixture(scope="session")
def reencode(tmp_path_factory):
    """What the reader makes of a file, or Unreadable."""
    with ExitStack() as stack:
        yield Inside(tmp_path_factory.mktemp("dibaca"), stack)
