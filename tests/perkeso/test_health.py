"""The two health checks."""

from datetime import timedelta

import pytest
from celery import current_app
from django.core.files.storage import default_storage
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from perkeso import health


def broken(*args, **kwargs):
    raise OSError("a detail that nobody outside may read")


@pytest.fixture
def worker():
    health.note_worker(at=timezone.now())


@pytest.fixture
def answer(client, db):
    return lambda: client.get(reverse("ready"))


def test_alive_asks_nothing_of_the_database(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = client.get(reverse("alive"))
    assert response.status_code == 200
    assert response.content == b"hidup\n"


def test_ready_when_all_parts_are(answer, worker):
    response = answer()
    assert response.status_code == 200
    assert response.json() == {"ready": True, "failing": []}
    assert "no-store" in response["Cache-Control"]


def test_ready_leaves_no_file(answer, worker):
    answer()
    assert default_storage.listdir("sihat")[1] == []


def test_a_worker_that_never_answered_is_named(answer):
    response = answer()
    assert response.status_code == 503
    assert response.json() == {"ready": False, "failing": ["worker"]}


@pytest.mark.parametrize(("silence", "status"), [(60, 200), (61, 503)])
def test_a_worker_may_be_silent_for_a_minute(answer, monkeypatch, silence, status):
    at = timezone.now()
    health.note_worker(at=at - timedelta(seconds=silence))
    monkeypatch.setattr(timezone, "now", lambda: at)
    assert answer().status_code == status


@pytest.mark.parametrize(
    ("part", "target", "attribute"),
    [
        ("database", connection, "cursor"),
        ("broker", current_app, "connection_for_write"),
        ("storage", default_storage, "save"),
    ],
)
def test_what_fails_is_named_without_details(
    client, worker, monkeypatch, db, part, target, attribute
):
    with monkeypatch.context() as patch:
        patch.setattr(target, attribute, broken)
        response = client.get(reverse("ready"))
    assert response.status_code == 503
    assert response.json() == {"ready": False, "failing": [part]}


def test_a_broker_that_is_not_there_fails_soon(answer, worker, monkeypatch):
    nowhere = current_app.connection_for_write("redis+socket:///nowhere/valkey.sock")
    monkeypatch.setattr(current_app, "connection_for_write", lambda: nowhere)
    assert answer().json() == {"ready": False, "failing": ["broker"]}
