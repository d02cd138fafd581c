"""What answers at FPX's address may be anything: it is silence, and holds nobody for long."""

import socket
import time
from contextlib import closing, suppress
from threading import Thread

import pytest

from payments.fpx import Unreachable, client

pytestmark = pytest.mark.enable_socket
SECONDS = 0.6
OK = b"HTTP/1.1 200 OK\r\n"


def trickle(line):
    """A byte now and then, each well within a packet's time-out."""
    line.sendall(OK + b"Content-Length: 5000\r\n\r\n")
    for _byte in range(100):
        line.sendall(b"a")
        time.sleep(SECONDS / 6)


ODD = {
    "a redirect to no address": b"HTTP/1.1 301 X\r\nLocation: http://[::1\r\n\r\n",
    "a chunk below nothing": OK + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nabc\r\n",
    "no HTTP": b"SSH-2.0-OpenSSH\r\n",
    "nothing": b"",
    "half a body": OK + b"Content-Length: 5000\r\n\r\nabc",
    "a length that is none": OK + b"Content-Length: abc\r\n\r\n",
    "a status that is none": b"HTTP/1.1 abc\r\n\r\n",
    "ill": b"HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n",
    "a trickle": trickle,
}


@pytest.fixture
def answering(settings):
    """Lets FPX's address answer with these bytes, or by what a function sends."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        settings.FPX_URL = f"http://127.0.0.1:{server.getsockname()[1]}/"

        def answer(said):
            def serve():
                line, _address = server.accept()
                with closing(line):
                    line.recv(65536)
                    with suppress(OSError):  # whoever asked has gone
                        said(line) if callable(said) else line.sendall(said)

            Thread(target=serve, daemon=True).start()

        yield answer


def ask():
    return client._post("RetrieveBankList", {"a": "b"}, SECONDS)


def heard():
    """The body, which nobody signed; None for silence. Whatever else is raised is our fault."""
    try:
        return ask().raw
    except Unreachable:
        return None


@pytest.mark.parametrize("said", ODD.values(), ids=ODD)
def test_an_odd_answer_is_silence_and_holds_nobody(answering, said):
    answering(said)
    began = time.monotonic()
    assert heard() in {None, b"", b"abc"}
    assert time.monotonic() - began < 4 * SECONDS


def test_no_more_is_read_than_a_genuine_answer_could_have(answering):
    answering(OK + b"\r\n" + b"a" * 1_000_000)
    assert len(ask().raw) == client._MOST_BYTES


def test_what_comes_packed_stays_packed(answering):
    """We ask for none; unpacked it could be a thousand times as long."""
    packed = bytes.fromhex("1f8b08000000000000034b04000000ffff")
    head = OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    answering(head + packed)
    assert ask().raw == packed
