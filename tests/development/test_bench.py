"""The bench of the desk measures each way to find somebody."""

import pytest

from development.bench import desk
from tests.factories import make_receipt, make_registration, make_user

pytestmark = pytest.mark.django_db


def test_each_kind_of_search_is_measured_and_finds(monkeypatch):
    def once(name, act):
        if name.startswith("search"):
            act()
        return name

    monkeypatch.setattr(desk, "REGISTRATIONS", 600)
    monkeypatch.setattr(desk, "_measured", once)
    aminah = make_receipt(make_registration(make_user(), "approved")).user
    measured = list(desk.measure(aminah))
    assert [name for name in measured if name.startswith("search")] == [
        "search by plate",
        "search by IC",
        "search by phone",
        "search by receipt",
    ]
