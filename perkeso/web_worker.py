"""What serves in each web process: waitress, as a worker that gunicorn starts, watches and stops.

Waitress reads each request whole, and sends each answer, in one loop: a slow phone, or a hostile
one, holds a socket there and no thread. What it lacks is here: how long a request may take to come,
how many large ones may come at once, and threads of the gateway's own.
"""

import os
import time
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from gunicorn.workers.base import Worker
from waitress import create_server, wasyncore
from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.receiver import FixedStreamReceiver
from waitress.task import ThreadedTaskDispatcher
from waitress.utilities import RequestEntityTooLarge

# FPX, the SMS gateway and whoever watches the portal: neither drivers nor officers take theirs.
RESERVED_PATHS = ("/bayaran/fpx/", "/sms/laporan/", "/sihat/")
HEAD_SECONDS = 20
# 64 kbit/s: what a telephone has left at the edge of a village.
BYTES_A_SECOND = 8 * 1024
# A larger body is a file; beyond so many on their way to one process the oldest gives way.
LARGE = 1024 * 1024
LARGE_AT_ONCE = 64
# Machines send in chunks, browsers do not, and no machine's message is longer. Waitress reads an
# unfinished line of a chunk anew with each packet, in the loop that serves everybody.
CHUNKED_MOST = 64 * 1024


class _Unread(FixedStreamReceiver):  # type: ignore[misc]
    """A body that nobody will look at: it is let pass, not kept."""

    def received(self, data: bytes) -> int:
        taken = min(len(data), int(self.remain))
        self.remain -= taken
        self.completed = self.remain == 0
        return taken


class Parser(HTTPRequestParser):  # type: ignore[misc]
    """Waitress's, with the time at which a request began to come."""

    content_length: int
    body_rcv: Any

    def __init__(self, adj: Any) -> None:
        super().__init__(adj)
        self.began = time.monotonic()

    def parse_header(self, header_plus: bytes) -> None:
        """Refuses what two servers could read in two ways, and keeps no body that is too large."""
        super().parse_header(header_plus)
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Content-Length beside Transfer-Encoding")
        if self.content_length > settings.REQUEST_MAX_BYTES:
            self.body_rcv = _Unread(self.content_length, OverflowableBuffer(0))
            self.content_length = 0  # waitress's own answer would not be our page

    def received(self, data: bytes) -> int:
        taken = super().received(data)
        if isinstance(self.body_rcv, _Unread):
            self.body_bytes_received = 0
        if self.chunked and self.body_bytes_received > CHUNKED_MOST:
            self.error = RequestEntityTooLarge(f"exceeds {CHUNKED_MOST} bytes in chunks")
            self.completed = True
        return int(taken)

    @property
    def coming(self) -> int:
        """How many bytes the body may have; one in chunks does not tell."""
        return CHUNKED_MOST if self.chunked else self.content_length

    def is_too_slow(self, now: float) -> bool:
        """True when the head, or the body, should have been here by now."""
        allowed = self.coming / BYTES_A_SECOND if self.headers_finished else 0
        return bool(now - self.began > HEAD_SECONDS + allowed)


class Channel(HTTPChannel):  # type: ignore[misc]
    """One connection."""

    parser_class = Parser


class Dispatcher(ThreadedTaskDispatcher):  # type: ignore[misc]
    """Threads for pages, and others for `RESERVED_PATHS`."""

    def __init__(self) -> None:
        super().__init__()
        self.reserved = ThreadedTaskDispatcher()
        self.set_thread_count(settings.WEB_THREADS)
        self.reserved.set_thread_count(settings.GATEWAY_THREADS)

    def add_task(self, task: Channel) -> None:
        path = getattr(task.requests[0], "path", "")
        if path.startswith(RESERVED_PATHS):
            self.reserved.add_task(task)
        else:
            super().add_task(task)

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        self.reserved.shutdown(cancel_pending, timeout)
        return bool(super().shutdown(cancel_pending, timeout))


class BufferingWorker(Worker):  # type: ignore[misc]
    """A web process of gunicorn's in which waitress serves."""

    def run(self) -> None:
        """Serves until gunicorn says stop, then finishes what was begun."""
        self.map: dict[int, Any] = {}
        self.dispatcher = Dispatcher()
        servers = [self._server(each.sock) for each in self.sockets]
        while self.alive and self.ppid == os.getppid():
            self._turn()
        for server in servers:
            wasyncore.dispatcher.close(server)  # the listener only: threads still wake the loop
        until = time.monotonic() + self.cfg.graceful_timeout
        while self._is_busy() and time.monotonic() < until:
            self._turn()
        self.dispatcher.shutdown(timeout=1)

    def _server(self, listener: Any) -> Any:
        server = create_server(
            self.wsgi,
            map=self.map,
            sockets=[listener],
            _dispatcher=self.dispatcher,
            **adjustments(),
        )
        server.channel_class = Channel
        return server

    def _turn(self) -> None:
        self.notify()
        wasyncore.loop(timeout=0.5, use_poll=True, map=self.map, count=1)
        close_slow(self._channels(), time.monotonic())

    def _channels(self) -> list[Channel]:
        return [each for each in self.map.values() if isinstance(each, Channel)]

    def _is_busy(self) -> bool:
        return any(each.requests or each.total_outbufs_len for each in self._channels())


def close_slow(channels: Iterable[Channel], now: float) -> None:
    """Closes what takes too long to come, and the oldest where too many large ones come at once."""
    coming = [each for each in channels if each.request is not None]
    large = [each for each in coming if each.request.coming > LARGE]
    large.sort(key=lambda each: each.request.began)
    for channel in coming:
        if channel.request.is_too_slow(now):
            channel.will_close = True
    for channel in large[:-LARGE_AT_ONCE]:
        channel.will_close = True


def adjustments() -> dict[str, Any]:
    """Waitress's settings, where its own are not ours."""
    return {
        "ident": "",
        "log_socket_errors": False,  # telephones lose their lines
        "cleanup_interval": 5,
        "channel_timeout": 65,  # a little more than browsers and proxies keep a line
        "connection_limit": 800,  # below the 1,024 files that a process may have open
        "max_request_header_size": 32 * 1024,
        "inbuf_overflow": 64 * 1024,
        # A header that no proxy of ours has set names nobody.
        "clear_untrusted_proxy_headers": not settings.PROXY_HOPS,
        "max_request_body_size": settings.REQUEST_MAX_BYTES + 1,
    }
