"""The moment at which these tests happen stands still."""

import pytest


@pytest.fixture(autouse=True)
def still(clock):
    """Views ask the clock: it shows `at`."""
