"""The acquiring bank's file: what the exchange settled today, whole or with a fault."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

PAGE = "/fpx/penyelesaian/"


def today():
    return datetime.now(ZoneInfo("Asia/Kuala_Lumpur")).date()


def made(world, fault="none", day=None):
    """The records of a file."""
    answer = world.post(PAGE, {"day": str(day or today()), "fault": fault})
    assert answer.headers["Content-Type"].startswith("text/csv")
    return [line.split(",") for line in answer.text.splitlines()]


@pytest.fixture
def request_of_today(world):
    """Somebody has paid, and somebody else could not."""
    world.choose("insufficient_funds")
    world.pay(world.request())
    world.choose("normal")
    request = world.request()
    world.pay(request)
    return request


def test_the_page_offers_every_fault(world):
    page = world.get(PAGE).text
    for fault in ("none", "missing", "unknown", "amount"):
        assert f'value="{fault}"' in page


def test_the_file_names_what_succeeded(world, request_of_today):
    header, *lines, trailer = made(world)
    assert header == ["H", "SE00009999", f"{today():%Y%m%d}", "MYR"]
    ours = [line for line in lines if line[1] == request_of_today["fpx_sellerExOrderNo"]]
    assert [line[4] for line in ours] == ["13.10"]
    assert trailer[:2] == ["T", str(len(lines))]
    assert Decimal(trailer[2]) == sum(Decimal(line[4]) for line in lines)


@pytest.mark.parametrize(
    ("fault", "more", "sen"), [("missing", -1, -1310), ("unknown", 1, 1310), ("amount", 0, -1)]
)
def test_a_fault_is_in_the_file_and_the_trailer_agrees(world, request_of_today, fault, more, sen):
    whole, spoilt = made(world), made(world, fault)
    assert len(spoilt) == len(whole) + more
    assert Decimal(spoilt[-1][2]) - Decimal(whole[-1][2]) == Decimal(sen) / 100


def test_another_day_is_empty(world, request_of_today):
    assert made(world, day="2026-01-01")[1:] == [["T", "0", "0.00"]]


@pytest.mark.parametrize("choice", [{"day": "semalam"}, {"fault": "nonsense"}])
def test_a_wrong_choice_makes_nothing(world, choice):
    answer = world.post(PAGE, {"day": str(today()), "fault": "none"} | choice)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
