"""The whole portal and its outside world, running: what `make run` shows and journeys walk."""

import os
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path

from development.data_folder import in_use
from development.keys import make_keys, read_secrets
from development.processes import Program, SetUpError
from development.servers import running_servers

ROOT = Path(__file__).resolve().parent.parent
PORTS = {"PORT": 8000, "SANDBOX_PORT": 8100, "SMTP_PORT": 1025}
# What a copy of the portal needs to know about where it runs, beyond the keys in its data folder.
PLACES = ["DATABASE_URL", "REDIS_URL", "DATA_DIR", "PORTAL_URL", *PORTS]
ALONE = ["--without-gossip", "--without-mingle"]
Command = list[str | Path]
Say = Callable[[str], None]


def silence(line: str) -> None:
    """Says nothing."""


class Stack:
    """The programs of one copy, each by its name, and the environment that they run in."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = dict(environment)
        self.data_dir = Path(environment["DATA_DIR"])
        self.portal_url = environment["PORTAL_URL"]
        self.sandbox_url = f"http://localhost:{environment['SANDBOX_PORT']}"
        self.programs: dict[str, Program] = {}

    def start(self, *names: str) -> None:
        """Starts some of `PROGRAMS` and waits until those that serve pages answer."""
        addresses = {name: self._launch(name) for name in names}
        for name, address in addresses.items():
            if address:
                self.programs[name].wait_until(partial(_answers, address))

    def _launch(self, name: str) -> str:
        command, more, address = PROGRAMS[name](self)
        log = self.data_dir / "log" / f"{name}.log"
        environment = self.environment | more
        self.programs[name] = Program(name, command, log, environment=environment, folder=ROOT)
        return address

    def stop(self, name: str) -> None:
        """Stops one program."""
        self.programs.pop(name).stop()

    def stop_all(self) -> None:
        """Stops every program, all at once."""
        for program in self.programs.values():
            program.ask_to_stop()
        for name in list(self.programs):
            self.stop(name)

    def check(self) -> None:
        """Raises `Ended` if one of the programs no longer runs."""
        for program in self.programs.values():
            program.check()


def _python(*words: str | Path) -> Command:
    return [sys.executable, "-m", *words]


def _celery(*words: str | Path) -> Command:
    return _python("celery", "-A", "perkeso.celery", *words, "--loglevel", "INFO")


def _web(stack: Stack) -> tuple[Command, dict[str, str], str]:
    port = stack.environment["PORT"]
    command = _python("gunicorn", "perkeso.wsgi", "--config", "python:perkeso.web_server")
    return (
        [*command, "--bind", f"127.0.0.1:{port}"],
        {"DATABASE_POOL": "1"},
        f"127.0.0.1:{port}/sihat/hidup/",
    )


def _worker(stack: Stack) -> tuple[Command, dict[str, str], str]:
    queues = ["--queues", "clock,urgent,celery"]
    return _celery("worker", "--concurrency", "2", *queues, *ALONE), {}, ""


def _reader(stack: Stack) -> tuple[Command, dict[str, str], str]:
    """One file at a time, each in a program of its own: nobody's code waits behind a file."""
    queues = ["--queues", "files", "--hostname", "reader@%h"]
    return _celery("worker", "--pool", "solo", *queues, *ALONE), {}, ""


def _beat(stack: Stack) -> tuple[Command, dict[str, str], str]:
    return _celery("beat", "--schedule", stack.data_dir / "beat", "--pidfile="), {}, ""


def _sandbox(stack: Stack) -> tuple[Command, dict[str, str], str]:
    return _python("sandbox"), {}, f"127.0.0.1:{stack.environment['SANDBOX_PORT']}/"


PROGRAMS = {"sandbox": _sandbox, "web": _web, "worker": _worker, "reader": _reader, "beat": _beat}


@contextmanager
def running_stack(
    environment: Mapping[str, str] = os.environ, *, say: Say = silence, durable: bool = True
) -> Iterator[Stack]:
    """Runs everything, as `environment` asks for it; yields it once it answers.

    Raises `SetUpError` when a port is taken, the data folder is in use, or something fails.
    """
    _refuse_taken_ports(chosen_ports(environment))
    with prepared(environment, say=say, durable=durable) as whole:
        stack = Stack(whole)
        try:
            say("Starting the outside world, the web server, the worker and the clock")
            stack.start(*PROGRAMS)
            yield stack
        finally:
            say("Stopping")
            stack.stop_all()


@contextmanager
def prepared(
    environment: Mapping[str, str] = os.environ, *, say: Say = silence, durable: bool = True
) -> Iterator[dict[str, str]]:
    """Claims the data folder, runs its servers and brings the database up to date.

    Yields the environment in which the portal's programs and commands work. Raises `SetUpError`.
    """
    data_dir = Path(environment.get("DATA_DIR") or ROOT / "var").resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    with in_use(data_dir) as note:
        make_keys(data_dir / "keys")
        whole = portal_environment(environment, data_dir)
        say("Starting PostgreSQL and Valkey")
        with running_servers(data_dir, durable=durable, environment=environment) as urls:
            whole |= urls
            say("Preparing the database")
            _prepare(whole, data_dir / "log" / "prepare.log")
            note({name: whole[name] for name in PLACES})
            yield whole


def chosen_ports(environment: Mapping[str, str]) -> dict[str, str]:
    """The ports to listen on."""
    return {name: environment.get(name) or str(port) for name, port in PORTS.items()}


def portal_environment(environment: Mapping[str, str], data_dir: Path) -> dict[str, str]:
    """The environment, with what a development copy does not want to be told."""
    ports = chosen_ports(environment)
    return {
        "PORTAL_URL": f"http://127.0.0.1:{ports['PORT']}",
        "DJANGO_SETTINGS_MODULE": "perkeso.settings",
        "PYTHONUNBUFFERED": "1",
        **read_secrets(data_dir / "keys"),
        **environment,
        **ports,
        "DATA_DIR": str(data_dir),
    }


def _prepare(environment: Mapping[str, str], log: Path) -> None:
    """Migrates, loads reference data and collects static files, in one process."""
    command = _python("development.prepare")
    program = Program("prepare", command, log, environment=environment, folder=ROOT)
    try:
        if program.process.wait() != 0:
            raise SetUpError(f"The database could not be prepared: {program.last_words()}")
    finally:
        program.stop()


def free_ports() -> dict[str, str]:
    """A free port for each server; held until all are known, so that they differ."""
    probes = {name: socket.create_server(("127.0.0.1", 0)) for name in PORTS}
    ports = {name: str(probe.getsockname()[1]) for name, probe in probes.items()}
    for probe in probes.values():
        probe.close()
    return ports


def _refuse_taken_ports(ports: Mapping[str, str]) -> None:
    for name, port in ports.items():
        with socket.socket() as line:
            line.settimeout(1)
            if line.connect_ex(("127.0.0.1", int(port))) == 0:
                raise SetUpError(f"Port {port} is taken: set {name} to a free one.")


def _answers(address: str) -> bool:
    """Whether a page is there; asked without the proxy that the environment may name."""
    host, _, path = address.partition("/")
    line = HTTPConnection(host, timeout=5)
    try:
        line.request("GET", f"/{path}")
        return line.getresponse().status < HTTPStatus.BAD_REQUEST
    except OSError:
        return False
    finally:
        line.close()
