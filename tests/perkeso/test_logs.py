"""Personal data in a message does not reach the log."""

import hashlib
import logging
import time
from types import SimpleNamespace

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger

from accounts.models.secrets import new_secret
from foundation import origin
from perkeso import web_server
from perkeso.logs import LONGEST_LINE, MaskingFormatter


@pytest.mark.parametrize(
    "secret",
    ["850101145523", "850101-14-5523", "+60123456789", "0123456789", "aminah@gmail.com"],
)
def test_personal_data_is_masked(secret):
    record = logging.LogRecord("x", logging.INFO, "f", 1, "seen %s here", (secret,), None)
    line = MaskingFormatter().format(record)
    assert secret not in line
    assert "seen *** here" in line


def test_a_traceback_is_masked_too():
    try:
        raise ValueError("ic 850101145523")
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "f", 1, "failed", (), (type(error), error, error.__traceback__)
        )
    assert "850101145523" not in MaskingFormatter().format(record)


def test_a_token_is_masked_wherever_it_stands():
    token = new_secret()
    for text in (f"/akaun/aktif/{token}/", f"next=%2Fakaun%2F{token}%2F", f"'{token}'", token):
        record = logging.LogRecord("x", logging.WARNING, "f", 1, text, (), None)
        assert token not in MaskingFormatter().format(record)


def test_what_gunicorn_writes_itself_is_masked_too():
    """A request that it cannot read never reaches Django, but its line reaches the log."""
    server = SimpleNamespace(log=Logger(Config()))
    web_server.on_starting(server)
    record = logging.LogRecord("x", logging.WARNING, "f", 1, f"line GEX /{new_secret()}/", (), None)
    assert server.log.error_log.handlers
    for handler in server.log.error_log.handlers:
        assert handler.format(record).endswith("line GEX /***/")


def test_a_digest_stays_readable():
    head = hashlib.sha256(b"").hexdigest()
    record = logging.LogRecord("x", logging.INFO, "f", 1, "head %s", (head,), None)
    assert MaskingFormatter().format(record).endswith(f"head {head}")


def test_references_and_numbers_stay_readable():
    record = logging.LogRecord("x", logging.INFO, "f", 1, "receipt SPS-2026-00000001", (), None)
    assert "SPS-2026-00000001" in MaskingFormatter().format(record)


def test_a_line_states_utc_and_the_number_of_its_request():
    record = logging.LogRecord("x", logging.INFO, "f", 1, "seen", (), None)
    record.created, record.msecs = 1_795_572_000.25, 250
    assert MaskingFormatter().format(record) == "2026-11-25T02:00:00.250Z INFO x [-] seen"
    answering = origin.current.set(origin.Origin(request_id="0123456789abcdef"))
    line = MaskingFormatter().format(record)
    origin.current.reset(answering)
    assert line.endswith(" INFO x [0123456789abcdef] seen")


def line_of(*args):
    return MaskingFormatter().format(logging.LogRecord("x", logging.INFO, "f", 1, *args, None))


@pytest.mark.parametrize(
    "piece", ["a", "a.", "-", "+", "0", "60", "a@", "a@a", "a@a.", "850101-", "01", "1-", "\n"]
)
def test_a_long_message_costs_in_proportion_to_its_length(piece):
    """Eight times the length: eight times the work, not sixty-four times."""

    def cost(length):
        began = time.thread_time()
        line_of(piece * (length // len(piece)), ())
        return time.thread_time() - began

    short = min(cost(8_000) for _try in range(7))
    assert min(cost(64_000) for _try in range(3)) < 24 * short


def test_a_long_line_is_cut_and_says_how_much_it_lost():
    head, *rest = line_of("Invalid HTTP_HOST header: %r", ("a" * 5000,)).splitlines()
    assert rest == []
    assert head[LONGEST_LINE:].startswith("… (")
    assert head.endswith(" more)")


def test_an_address_at_the_cut_leaves_nothing():
    line = line_of("%s", (f"{'x' * (LONGEST_LINE - 50)} {'aminah' * 10}@gmail.com",))
    assert "aminah" not in line
