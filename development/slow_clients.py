"""Slow clients against a portal on this machine, and what others notice of them.

`python -m development.slow_clients http://127.0.0.1:8000 --clients 40 --seconds 15` holds so many
connections that send a byte a second, or read nothing, and measures what other visitors wait before
and meanwhile. It exits 1 when their p95 is twice its usual or more. Loopback only.
"""

import argparse
import ipaddress
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from itertools import cycle, islice
from threading import Event, Thread
from urllib.parse import urlsplit

MOST_CLIENTS, MOST_SECONDS = 400, 120
VISITORS = 4
PATIENCE_SECONDS = 10
_FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
_UPLOAD = "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 9000000\r\n"
# What a slow client has sent before it begins to dawdle.
BEGINNINGS = [
    "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
    f"POST /log-masuk/ HTTP/1.1\r\nHost: 127.0.0.1\r\n{_FORM}Content-Length: 5000\r\n\r\nq=",
    f"POST /profil/ HTTP/1.1\r\nHost: 127.0.0.1\r\n{_UPLOAD}\r\n--x\r\n",
    f"POST /bayaran/fpx/langsung/ HTTP/1.1\r\nHost: 127.0.0.1\r\n{_FORM}"
    "Content-Length: 3000\r\n\r\nq=",
    "",
]
PAGES = ["/", "/log-masuk/", "/sihat/hidup/"]


@dataclass(frozen=True)
class Waits:
    """What visitors waited, in seconds; a request without a good answer counts as its patience."""

    seconds: list[float]

    @property
    def p95(self) -> float:
        """Nineteen of twenty waited less."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.95)]

    def __str__(self) -> str:
        middle = sorted(self.seconds)[len(self.seconds) // 2]
        return f"{len(self.seconds):6} requests   p50 {middle:6.3f} s   p95 {self.p95:6.3f} s"


def measured(port: int, seconds: float, pages: Sequence[str] = PAGES) -> Waits:
    """A few visitors open pages, one after the other, each on a connection of its own."""
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(VISITORS) as hands:
        waits = hands.map(lambda _visitor: list(_visits(port, until, pages)), range(VISITORS))
        return Waits([wait for visitor in waits for wait in visitor])


def _visits(port: int, until: float, pages: Sequence[str]) -> Iterator[float]:
    for page in cycle(pages):
        began = time.monotonic()
        yield time.monotonic() - began if _answers(port, page) else PATIENCE_SECONDS
        if time.monotonic() > until:
            return
        time.sleep(0.02)


def _answers(port: int, page: str) -> bool:
    line = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        line.request("GET", page)
        answer = line.getresponse()
        answer.read()
        return answer.status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        line.close()


@contextmanager
def slow_clients(port: int, count: int) -> Iterator[None]:
    """Holds `count` connections while the block runs; one that is closed is opened anew."""
    is_over = Event()
    with ExitStack() as stack:
        beginnings = list(islice(cycle(BEGINNINGS), count))
        lines = [stack.enter_context(_line(port, beginning)) for beginning in beginnings]
        dawdling = Thread(target=_dawdle, args=(port, lines, beginnings, is_over))
        dawdling.start()
        try:
            yield
        finally:
            is_over.set()
            dawdling.join()


def _line(port: int, beginning: str) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
    line.sendall(beginning.encode())
    line.setblocking(False)
    return line


def _dawdle(port: int, lines: list[socket.socket], beginnings: list[str], is_over: Event) -> None:
    """A byte each second on each line that has begun to say something."""
    while not is_over.wait(1):
        for number, beginning in enumerate(beginnings):
            try:
                lines[number].send(b"a" if beginning else b"")
            except OSError:
                lines[number].close()
                lines[number] = _line(port, beginning)
    for line in lines:
        line.close()


def main() -> int:
    """Prints both measures; 1 when the second p95 is twice the first, 2 for a wrong address."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("--clients", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=15)
    chosen = parser.parse_args()
    place = urlsplit(chosen.url)
    if not _is_here(place.hostname or "") or place.port is None:
        print("Only a portal on this machine: http://127.0.0.1:PORT", file=sys.stderr)
        return 2
    seconds = min(chosen.seconds, MOST_SECONDS)
    usual = measured(place.port, seconds)
    print(f"{'usual':24}{usual}", flush=True)
    clients = min(chosen.clients, MOST_CLIENTS)
    with slow_clients(place.port, clients):
        time.sleep(1)
        beside = measured(place.port, seconds)
    print(f"{f'beside {clients} slow clients':24}{beside}", flush=True)
    return int(beside.p95 >= 2 * usual.p95)


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


if __name__ == "__main__":
    sys.exit(main())
