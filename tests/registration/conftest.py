"""The moment at which these tests happen stands still."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine


@pytest.fixture(autouse=True)
def standing_clock(at: datetime) -> Iterator[None]:
    """Views ask the clock: it shows `at`."""
    with time_machine.travel(at, tick=False):
        yield
