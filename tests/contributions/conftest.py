"""Aminah has filled in everything but the plan; the clock stands still."""

from importlib import import_module

import pytest


@pytest.fixture
def factories(db):
    """Imported late: pytest reads this file before the settings are loaded."""
    return import_module("tests.factories")


@pytest.fixture
def aminah(factories):
    return factories.make_user("Aminah binti Ali", ic_number="850101145523")


@pytest.fixture
def signed_in(client, aminah, clock):
    """Aminah's browser, with the first page behind it: that one writes the session."""
    client.force_login(aminah)
    client.get("/mod/")
    return client
