"""The two health checks, and what the clock looks at for them."""

from datetime import timedelta

import pytest
from celery import current_app
from django.core.files.storage import default_storage
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from foundation import heartbeat
from foundation.alarms import Alarm
from perkeso import health


def broken(*args, **kwargs):
    raise OSError("a detail that nobody outside may read")


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch):
    monkeypatch.setattr(health, "_memory", health.Memory())


@pytest.fixture
def worker(db):
    health.note_worker(at=timezone.now())


@pytest.fixture
def answer(client, db):
    return lambda: client.get(reverse("ready"))


def test_alive_asks_nothing_of_the_database(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = client.get(reverse("alive"))
    assert response.status_code == 200
    assert response.content == b"hidup\n"


@pytest.mark.parametrize("name", ["alive", "ready"])
@pytest.mark.parametrize("host", ["10.42.0.17:8000", "127.0.0.1", "x"])
def test_they_answer_plain_http_on_whatever_address(worker, settings, name, host):
    """As a pod's engine asks; the portal itself is https at a name."""
    settings.ALLOWED_HOSTS = ["caruman.example"]
    settings.SECURE_SSL_REDIRECT = True
    assert Client(headers={"Host": host}).get(reverse(name)).status_code == 200
    assert Client(headers={"Host": host}).get("/").status_code in {301, 400}


def test_ready_when_all_parts_are(answer, worker):
    response = answer()
    assert response.status_code == 200
    assert response.json() == {"ready": True, "failing": []}
    assert "no-store" in response["Cache-Control"]


def test_without_its_database_it_is_not_ready(answer, worker, monkeypatch):
    def away(name):
        raise OperationalError("a detail that nobody outside may read")

    monkeypatch.setattr(health, "last_beat", away)
    response = answer()
    assert response.status_code == 503
    assert response.json() == {"ready": False, "failing": ["database"]}


def test_a_worker_that_never_answered_is_named_and_pages_are_served(answer):
    response = answer()
    assert response.status_code == 200
    assert response.json() == {"ready": True, "failing": ["worker"]}


@pytest.mark.parametrize(("silence", "failing"), [(60, []), (61, ["worker"])])
def test_a_worker_may_be_silent_for_a_minute(answer, monkeypatch, silence, failing):
    at = timezone.now()
    health.note_worker(at=at - timedelta(seconds=silence))
    monkeypatch.setattr(timezone, "now", lambda: at)
    assert answer().json() == {"ready": True, "failing": failing}


def test_a_worker_beats_in_one_row(db, at):
    for later in range(3):
        health.note_worker(at=at + timedelta(seconds=later))
    assert heartbeat.Heartbeat.objects.get().at == at + timedelta(seconds=2)


def test_a_broker_that_is_not_there_is_named_soon(answer, worker, monkeypatch):
    nowhere = current_app.connection_for_write("redis+socket:///nowhere/valkey.sock")
    monkeypatch.setattr(current_app, "connection_for_write", lambda: nowhere)
    assert answer().json() == {"ready": True, "failing": ["broker"]}


def test_however_often_it_is_asked_it_looks_once_in_some_seconds(
    answer, worker, monkeypatch, django_assert_num_queries
):
    moment = [100.0]
    monkeypatch.setattr(health.time, "monotonic", lambda: moment[0])
    assert answer().json()["failing"] == []
    monkeypatch.setattr(current_app, "connection_for_write", broken)
    with django_assert_num_queries(0):
        assert [answer().json()["failing"] for _time in range(3)] == [[], [], []]
    moment[0] += health.REMEMBERED_SECONDS
    assert answer().json()["failing"] == ["broker"]


def test_asking_writes_nothing_to_the_storage(answer, worker, monkeypatch):
    monkeypatch.setattr(default_storage, "save", broken)
    assert answer().json() == {"ready": True, "failing": []}


def test_a_storage_that_takes_no_file_is_an_alarm_and_one_that_does_keeps_none(db, at, monkeypatch):
    health.watch_storage(at=at)
    assert default_storage.listdir("sihat")[1] == []
    assert not Alarm.objects.exists()
    monkeypatch.setattr(default_storage, "save", broken)
    health.watch_storage(at=at)
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.detail) == ("storage", "OSError")
