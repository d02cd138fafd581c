"""Counted tries."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from accounts.models import Tally
from accounts.services import limits

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def two_in_ten_minutes(db, settings):
    settings.LIMITS = {"tries": (2, timedelta(minutes=10))}


def test_a_window_takes_so_many_and_begins_with_its_first_try(at):
    limits.take("tries", "a", at=at)
    limits.take("tries", "a", at=at + 9 * MINUTE)
    with pytest.raises(limits.TooMany) as refusal:
        limits.take("tries", "a", at=at + 9 * MINUTE)
    assert refusal.value.minutes == 1
    limits.take("tries", "a", at=at + 10 * MINUTE)


@pytest.mark.parametrize(
    ("wait", "minutes"),
    [
        (timedelta(seconds=1), 1),
        (timedelta(seconds=60), 1),
        (timedelta(seconds=61), 2),
        (timedelta(minutes=15), 15),
    ],
)
def test_the_wait_is_told_in_whole_minutes(wait, minutes):
    assert str(limits.TooMany(wait)) == f"Terlalu banyak cubaan. Cuba lagi selepas {minutes} minit"


def test_a_refused_try_does_not_lengthen_the_wait(at):
    for _try in range(2):
        limits.take("tries", "a", at=at)
    for _try in range(3):
        with pytest.raises(limits.TooMany):
            limits.take("tries", "a", at=at + 5 * MINUTE)
    assert Tally.objects.get().count == 2
    limits.take("tries", "a", at=at + 10 * MINUTE)


def test_a_limit_with_waits_grows_and_ends_after_a_quiet_window(at, settings):
    settings.LIMITS = {"tries": (1, timedelta(hours=1), MINUTE, 5 * MINUTE)}
    limits.take("tries", "a", at=at)
    for minutes, wait in [(0, 1), (1, 5), (6, 5), (11, 5)]:
        if minutes:
            limits.take("tries", "a", at=at + minutes * MINUTE)
        with pytest.raises(limits.TooMany) as refusal:
            limits.take("tries", "a", at=at + minutes * MINUTE)
        assert refusal.value.minutes == wait
    limits.take("tries", "a", at=at + 71 * MINUTE)
    assert Tally.objects.get().count == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_at_once_two_are_let_through(at):
    start = Barrier(8)

    def ask(_who):
        start.wait(timeout=5)
        try:
            return limits.is_free("tries", "a", at=at)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as crowd:
        assert sorted(crowd.map(ask, range(8))) == [False] * 6 + [True] * 2


def test_each_is_counted_alone(at, settings):
    settings.LIMITS["others"] = (2, timedelta(minutes=10))
    for limit, who in [("tries", "a"), ("tries", "b"), ("others", "a")]:
        for _try in range(2):
            limits.take(limit, who, at=at)
    assert Tally.objects.count() == 3


def test_an_honest_try_is_given_back(at):
    for _try in range(5):
        limits.take("tries", "a", at=at)
        limits.give_back("tries", "a")
    limits.give_back("tries", "a")
    limits.give_back("tries", "nobody")
    assert Tally.objects.get().count == 0


def test_a_limit_can_begin_anew(at):
    for _round in range(3):
        for _try in range(2):
            limits.take("tries", "a", at=at)
        limits.forget("tries", "a")


def test_the_table_tells_nobodys_phone(at):
    limits.take("tries", "+60123456789", at=at)
    assert "60123456789" not in str(Tally.objects.values())
    assert "60123456789" not in str(Tally.objects.get())


def test_limits_hold_without_the_cache(at, settings):
    settings.CACHES = {"default": {"BACKEND": "no.such.Cache"}}
    for _try in range(2):
        limits.take("tries", "a", at=at)
    with pytest.raises(limits.TooMany):
        limits.take("tries", "a", at=at)
