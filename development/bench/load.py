"""A small load: requests from a few threads, and the CPU that a server spent on them."""

import os
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from queue import Empty, SimpleQueue

CLIENTS = 8
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Request:
    """One request; a body makes it a form POST."""

    path: str
    headers: dict[str, str]
    body: str | None = None


@dataclass(frozen=True)
class Result:
    """What a load took."""

    count: int
    seconds: float
    cpu_seconds: float
    failures: int

    @property
    def per_second(self) -> float:
        """Requests per second of wall time."""
        return self.count / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of the server's CPU for one request."""
        return 1000 * self.cpu_seconds / self.count


def hammer(port: int, requests: Iterable[Request], *, server_pid: int) -> Result:
    """Sends every request once over kept connections; the server's CPU is its whole family's."""
    queue: SimpleQueue[Request] = SimpleQueue()
    count = 0
    for request in requests:
        queue.put(request)
        count += 1
    cpu_before, started = family_cpu(server_pid), time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        failures = sum(pool.map(lambda _: _drain(port, queue), range(CLIENTS)))
    seconds = time.perf_counter() - started
    return Result(count, seconds, family_cpu(server_pid) - cpu_before, failures)


def _drain(port: int, queue: "SimpleQueue[Request]") -> int:
    """Sends until nothing is left; returns how many answers were not 200."""
    connection, failures = HTTPConnection("127.0.0.1", port, timeout=60), 0
    try:
        while True:
            request = queue.get_nowait()
            method = "GET" if request.body is None else "POST"
            connection.request(method, request.path, request.body, request.headers)
            answer = connection.getresponse()
            answer.read()
            failures += answer.status != 200
    except Empty:
        return failures
    finally:
        connection.close()


def family_cpu(pid: int) -> float:
    """CPU seconds that a process and its living children have used."""
    return sum(_cpu(member) for member in (pid, *_children(pid)))


def _children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
