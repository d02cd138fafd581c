"""Aminah is about to pay, or has paid; Chandran is a stranger."""

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
def chandran(factories):
    return factories.make_user("Chandran a/l Raju")


@pytest.fixture
def registration(factories, aminah):
    return factories.make_registration(aminah, "submitted")


@pytest.fixture
def receipt(factories, registration):
    return factories.make_receipt(registration)


@pytest.fixture
def signed_in(client, aminah):
    """Aminah's browser, with the first page behind it: that one writes the session."""
    client.force_login(aminah)
    client.get("/mod/")
    return client


@pytest.fixture
def drawings(monkeypatch):
    """What was drawn; a receipt is a few bytes here."""
    drawn = []

    def write(receipt):
        drawn.append(receipt.pk)
        return f"%PDF-1.7 {receipt.number}".encode()

    monkeypatch.setattr("receipts.pdf.write", write)
    return drawn
