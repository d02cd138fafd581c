"""The pool of a web process: PostgreSQL restarts, is away, or freezes with all connections open."""

import os
import runpy
import signal
import time
from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg_pool import ConnectionPool, PoolTimeout

from foundation import pooled

SETTINGS = settings.BASE_DIR / "perkeso" / "settings.py"


@pytest.fixture
def options(monkeypatch):
    monkeypatch.setenv("DATABASE_POOL", "1")
    return runpy.run_path(str(SETTINGS))["DATABASES"]["default"]["OPTIONS"]["pool"]


def opened(options, **place):
    """As Django opens it."""
    check = ConnectionPool.check_connection
    return ConnectionPool(kwargs=place, check=check, open=True, **options)


@pytest.fixture
def place(db):
    """Where the database is, for a connection outside of Django."""
    names = ("dbname", "host", "user", "port", "password")
    known = connection.get_connection_params()
    return {"autocommit": True} | {name: known[name] for name in names if known.get(name)}


def test_connections_that_died_together_cost_the_next_request_nothing(options, place):
    """Each of its threads had one; the pool alone would rest for seven seconds between them."""
    with opened(options, **place) as pool:
        lines = [pool.getconn() for _thread in range(options["max_size"])]
        pids = [line.info.backend_pid for line in lines]
        for line in lines:
            pool.putconn(line)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s) AS pid", [pids])
        began = time.monotonic()
        with pool.connection() as line:
            assert line.execute("SELECT 1").fetchone() == (1,)
            assert line.info.backend_pid not in pids
        assert time.monotonic() - began < 0.9


def test_a_mistake_in_a_query_drops_nobody(options, place):
    with opened(options | {"max_size": 1}, **place) as pool:
        with pool.connection() as first, pytest.raises(psycopg.errors.SyntaxError):
            first.execute("SELEKT")
        pid = first.info.backend_pid
        with pool.connection() as again:
            assert again.info.backend_pid == pid


@contextmanager
def frozen(line):
    """The server keeps this connection, and says nothing on it."""
    pid = line.info.backend_pid
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def test_a_server_that_falls_silent_is_not_waited_for(options, place, monkeypatch):
    monkeypatch.setattr(pooled, "ANSWERS_WITHIN_SECONDS", 0.3)
    with opened(options, **place) as pool:
        line = pool.getconn()
        began = time.monotonic()
        with frozen(line), pytest.raises(psycopg.OperationalError), line.cursor() as cursor:
            cursor.execute("SELECT 1")
        assert time.monotonic() - began < 1
        assert line.closed
        pool.putconn(line)
        with pool.connection() as another:
            assert another.execute("SELECT 1").fetchone() == (1,)


def test_an_idle_connection_that_is_mute_is_exchanged(options, place, monkeypatch):
    monkeypatch.setattr(pooled, "IDLE_ANSWERS_WITHIN_SECONDS", 0.3)
    with opened(options, **place) as pool:
        with pool.connection() as line:
            pid = line.info.backend_pid
        began = time.monotonic()
        with frozen(line), pool.connection() as another:
            assert another.info.backend_pid != pid
        assert time.monotonic() - began < 1.4


@pytest.mark.proof
def test_a_database_that_is_away_is_given_up_within_two_seconds(options):
    began = time.monotonic()
    with opened(options, host="/nowhere") as pool:
        with pytest.raises(PoolTimeout):
            pool.getconn()
        assert time.monotonic() - began < 2
