"""Requests that only a web server sees: gunicorn as in production, spoken to by hand."""

import os
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager

import pytest

from development.slow_clients import PATIENCE_SECONDS, measured, slow_clients

pytestmark = [pytest.mark.proof, pytest.mark.enable_socket]

# Those that ask no database: the server has an empty one here.
PAGES = ["/log-masuk/", "/sihat/hidup/"]
GET = "GET /sihat/hidup/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
POST = "POST /log-masuk/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"


@pytest.fixture(scope="module")
def port():
    """Where a gunicorn of this test's own listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        number = probe.getsockname()[1]
    command = ["gunicorn", "perkeso.wsgi", "--config", "python:perkeso.web_server"]
    server = subprocess.Popen(
        [sys.executable, "-m", *command, "--bind", f"127.0.0.1:{number}"],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "perkeso.settings"},
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(number)
        yield number
    finally:
        server.terminate()
        server.wait()


def _wait_for(number):
    for _time in range(100):
        try:
            if answer(number, f"{GET}Connection: close\r\n\r\n") == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("gunicorn did not start")


@contextmanager
def connected(number):
    with closing(socket.create_connection(("127.0.0.1", number), timeout=10)) as line:
        yield line


def status(line):
    """The status that comes back; 0 when the server hangs up."""
    try:
        first = line.recv(4096)
    except ConnectionResetError:
        return 0
    return int(first.split()[1]) if first else 0


def answer(number, request):
    with connected(number) as line:
        line.sendall(request.encode())
        return status(line)


@pytest.mark.parametrize(
    ("request_", "statuses"),
    [
        pytest.param(f"{GET}X-Big: {'a' * 100_000}\r\n\r\n", {0, 400, 431}, id="100 kB header"),
        pytest.param(
            f"GET /{'a' * 100_000} HTTP/1.1\r\n\r\n", {0, 400, 414, 431}, id="100 kB line"
        ),
        pytest.param(
            f"{POST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1",
            {400},
            id="both lengths",
        ),
        pytest.param(
            f"{POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", {400, 501}, id="unknown coding"
        ),
        pytest.param(
            f"{POST}Content-Length: 4\r\nContent-Length: 40\r\n\r\nabcd", {400}, id="two lengths"
        ),
        pytest.param(f"{POST}Content-Length: -1\r\n\r\n", {400}, id="negative length"),
        pytest.param(f"{POST}Content-Length : 4\r\n\r\nabcd", {400}, id="space before the colon"),
        pytest.param("nonsense\r\n\r\n", {0, 400}, id="no HTTP"),
    ],
)
def test_each_probe_is_refused(port, request_, statuses):
    assert answer(port, request_) in statuses


def test_forty_slow_clients_are_not_noticed(port):
    """On a machine that others use as well the quietest of three rounds counts."""
    for _round in range(3):
        usual = measured(port, 4, PAGES)
        assert usual.p95 < PATIENCE_SECONDS
        with slow_clients(port, 40):
            time.sleep(1)
            beside = measured(port, 4, PAGES)
        if beside.p95 < 2 * usual.p95:
            return
    raise AssertionError(f"usual {usual}, beside 40 slow clients {beside}")


def test_a_large_request_is_read_whole(port):
    """It comes in many pieces, and is a form without a token: our page says so."""
    body = f"reference={'a' * 900_000}"
    head = f"{POST}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    assert answer(port, f"{head}{body}") == 403


def test_what_is_too_large_is_told_so_on_our_page(port):
    size = 12 * 1024 * 1024
    with connected(port) as line:
        line.sendall(f"{POST}Content-Length: {size}\r\nConnection: close\r\n\r\n".encode())
        line.sendall(b"a" * size)
        answered = b"".join(iter(lambda: line.recv(65536), b"")).decode()
    assert answered.startswith("HTTP/1.1 413 ")
    assert "10 MB" in answered
