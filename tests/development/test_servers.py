"""The servers of `make run` and `make test`."""

import os
from pathlib import Path

import psycopg
import pytest
import redis

from development import server_user
from development.processes import SetUpError
from development.servers import running_servers


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A folder that the servers' user can come through to."""
    for folder in [tmp_path, *tmp_path.parents]:
        if folder.stat().st_uid == os.geteuid() and not folder.stat().st_mode & 0o001:
            folder.chmod(0o711)
    return tmp_path


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("REDIS_URL")


@pytest.mark.usefixtures("bare_environment")
def test_running_servers_keep_their_data_over_a_restart(data_dir: Path) -> None:
    with running_servers(data_dir) as urls:
        with psycopg.connect(urls["DATABASE_URL"]) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
        with redis.from_url(urls["REDIS_URL"]) as valkey:
            valkey.set("kept", "1")
    with running_servers(data_dir) as urls:
        with psycopg.connect(urls["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT one FROM kept").fetchone() == (1,)
        with redis.from_url(urls["REDIS_URL"]) as valkey:
            assert valkey.get("kept") == b"1"


def test_running_servers_leaves_named_servers_alone(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = {"DATABASE_URL": "postgres://db/perkeso", "REDIS_URL": "redis://broker/0"}
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    with running_servers(data_dir) as urls:
        assert urls == named
    assert not list(data_dir.glob("pg*"))


@pytest.mark.skipif(server_user.server_user() is None, reason="only root starts them as nobody")
@pytest.mark.usefixtures("bare_environment")
def test_running_servers_work_from_a_closed_folder(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_user, "OUTSIDE", tmp_path / "outside")
    closed = data_dir / "closed"
    closed.mkdir(mode=0o700)
    with (
        running_servers(closed, durable=False) as urls,
        psycopg.connect(urls["DATABASE_URL"]) as connection,
    ):
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert {p.name.partition("-")[0] for p in (tmp_path / "outside").iterdir()} == {
        "pg18",
        "valkey",
    }


def test_running_servers_says_what_to_install(
    data_dir: Path, bare_environment: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("development.servers._package", lambda name: [])
    monkeypatch.setattr("development.servers.MACHINES_OWN", data_dir)
    monkeypatch.setenv("PATH", "/nowhere")
    with (
        pytest.raises(SetUpError, match="Install PostgreSQL"),
        running_servers(data_dir),
    ):
        pass
