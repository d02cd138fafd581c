"""Aminah owes a month of plan 1, and has begun to pay it."""

from importlib import import_module

import pytest


@pytest.fixture
def factories(db):
    """Imported late: pytest reads this file before the settings are loaded."""
    return import_module("tests.factories")


@pytest.fixture
def aminah(factories):
    return factories.make_user()


@pytest.fixture
def contribution(factories, aminah):
    return factories.make_contribution(factories.make_registration(aminah))


@pytest.fixture
def payment(factories, contribution):
    return factories.make_payment(contribution)
