"""What the web process adds to waitress: time limits, room for large requests, reserved threads."""

from threading import Event
from types import SimpleNamespace

import pytest
from django.conf import settings
from waitress.adjustments import Adjustments

from perkeso.web_worker import (
    BYTES_A_SECOND,
    CHUNKED_MOST,
    HEAD_SECONDS,
    LARGE_AT_ONCE,
    RESERVED_PATHS,
    Dispatcher,
    Parser,
    adjustments,
    close_slow,
)

MEGABYTE = 1024 * 1024


def parsed(text):
    """What has come of a request, read by the parser."""
    parser = Parser(SimpleNamespace(url_scheme="http", **adjustments()))
    parser.began = 0.0
    parser.received(text.encode())
    return parser


def upload(size):
    return parsed(f"POST / HTTP/1.1\r\nContent-Length: {size}\r\n\r\na")


def channel(request):
    return SimpleNamespace(request=request, will_close=False)


@pytest.mark.parametrize(
    ("request_", "seconds"),
    [
        pytest.param(parsed("GET / HTT"), HEAD_SECONDS, id="head"),
        pytest.param(upload(10), HEAD_SECONDS + 10 / BYTES_A_SECOND, id="few fields"),
        pytest.param(
            upload(8 * MEGABYTE), HEAD_SECONDS + 8 * MEGABYTE / BYTES_A_SECOND, id="document"
        ),
        pytest.param(
            parsed("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na"),
            HEAD_SECONDS + CHUNKED_MOST / BYTES_A_SECOND,
            id="chunks",
        ),
    ],
)
def test_a_request_has_time_by_its_size(request_, seconds):
    for later, is_closed in ((-1, False), (1, True)):
        one = channel(request_)
        close_slow([one], seconds + later)
        assert one.will_close is is_closed


@pytest.mark.parametrize(
    "piece", ["1;" + "a" * 4000, "0\r\n" + "a: b\r\n" * 600, "1\r\na\r\n" * 600]
)
def test_a_body_in_chunks_is_short_however_it_is_cut(piece):
    """Twenty such bodies of ten megabytes made everybody wait for half a second."""
    parser = parsed("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
    came = 0
    while not parser.completed and came < MEGABYTE:
        came += parser.received(piece.encode())
        piece = piece.removeprefix("0\r\n").removeprefix("1;")  # the line goes on
    assert parser.error.code == 413
    assert came <= CHUNKED_MOST + len(piece)


def test_a_message_of_fpx_may_come_in_chunks():
    parser = parsed("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _time in range(10):
        parser.received(b"400\r\n" + b"a" * 1024 + b"\r\n")
    parser.received(b"0\r\n\r\n")
    assert (parser.completed, parser.error) == (True, None)
    assert parser.headers["CONTENT_LENGTH"] == "10240"


def test_a_line_that_is_quiet_between_two_requests_is_left_to_waitress():
    one = channel(None)
    close_slow([one], 10_000)
    assert not one.will_close


def test_beyond_so_many_large_requests_the_oldest_gives_way():
    small, many = channel(upload(10)), [channel(upload(2 * MEGABYTE)) for _ in range(LARGE_AT_ONCE)]
    close_slow([small, *many], 1)
    assert not any(one.will_close for one in [small, *many])
    newest = channel(upload(2 * MEGABYTE))
    newest.request.began = 1.0
    many[7].request.began = -1.0
    close_slow([newest, small, *many], 1)
    assert [one.will_close for one in many].index(True) == 7
    assert sum(one.will_close for one in [newest, small, *many]) == 1


def test_a_body_that_is_too_large_is_not_kept():
    size = settings.REQUEST_MAX_BYTES + 1
    parser = upload(size)
    while not parser.completed:
        parser.received(b"a" * MEGABYTE)
    assert parser.error is None
    assert parser.headers["CONTENT_LENGTH"] == str(size)
    assert parser.get_body_stream().read() == b""
    parser.close()


def test_waitress_knows_each_of_its_settings():
    assert set(adjustments()) <= set(Adjustments._param_map)


@pytest.mark.parametrize("path", RESERVED_PATHS)
def test_busy_pages_take_no_thread_of_the_gateway(path):
    """Every thread of the pages stands still, and more wait: FPX is answered."""
    dispatcher = Dispatcher()
    go_on, answered = Event(), Event()

    def task(path, service):
        return SimpleNamespace(
            requests=[SimpleNamespace(path=path)], service=service, cancel=lambda: None
        )

    try:
        for _page in range(2 * settings.WEB_THREADS):
            dispatcher.add_task(task("/dokumen/", go_on.wait))
        dispatcher.add_task(task(f"{path}langsung/", answered.set))
        assert answered.wait(5)
    finally:
        go_on.set()
        dispatcher.shutdown()
