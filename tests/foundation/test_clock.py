"""What the clock starts runs once at a time."""

from threading import Event, Thread
from unittest.mock import Mock

import pytest
from django.db import connections

from foundation.alarms import Alarm
from foundation.clock import only_one
from perkeso.celery import app

RUNS = []


def run(task):
    """As a worker runs it."""
    task.apply(throw=True)


@pytest.fixture
def job(monkeypatch):
    """A job that the clock starts; it notes its runs."""
    RUNS.clear()

    @app.task(name="tests.count")
    def count():
        RUNS.append(1)

    monkeypatch.setitem(app.conf.beat_schedule, "count", {"task": "tests.count", "schedule": 60.0})
    yield count
    app.tasks.pop("tests.count")


@pytest.fixture
def elsewhere():
    """Holds a lock on another connection, as the worker of a second clock does."""
    held, done = Event(), Event()

    def hold(name):
        with only_one(name) as is_free:
            assert is_free
            held.set()
            done.wait(10)
        connections.close_all()

    def start(name):
        thread = Thread(target=hold, args=[name], daemon=True)
        thread.start()
        assert held.wait(10)
        return thread

    yield start
    done.set()


@pytest.mark.django_db(transaction=True)
def test_a_second_run_is_skipped_while_the_first_lasts(job, elsewhere):
    elsewhere("tests.count")
    run(job)
    assert RUNS == []


@pytest.mark.django_db(transaction=True)
def test_another_job_is_not_held_up(job, elsewhere):
    elsewhere("tests.other")
    run(job)
    run(job)
    assert RUNS == [1, 1]


def test_the_lock_is_given_back_after_a_failure(db):
    with pytest.raises(RuntimeError), only_one("tests.count"):
        raise RuntimeError
    with only_one("tests.count") as is_free:
        assert is_free


def test_what_a_service_rings_for_is_no_job(job, elsewhere, monkeypatch):
    monkeypatch.delitem(app.conf.beat_schedule, "count")
    run(job)  # without a database
    assert RUNS == [1]


def test_a_task_that_fails_is_an_alarm(job, db, monkeypatch):
    monkeypatch.setattr(job, "run", Mock(side_effect=RuntimeError("850101145523")))
    job.apply()
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.key, alarm.detail) == ("task_failed", "tests.count", "RuntimeError")
