"""ClamAV's daemon is spoken to as it expects, and its silence is never taken for a yes."""

import io
import socket
import threading

import pytest

from registration import clamav
from registration.clamav import ScannerSilent, find_virus, is_on
from tests.registration import files
from tests.registration.fake_clamd import EICAR, running_clamd

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def clamd(settings):
    with running_clamd() as server:
        settings.CLAMAV_URL = server.url
        yield server


def test_without_an_address_there_is_no_scanner(settings):
    settings.CLAMAV_URL = ""
    assert not is_on()


def test_a_clean_file_is_sent_whole(clamd):
    content = files.picture("JPEG") + b"x" * 200_000
    assert is_on()
    assert find_virus(io.BytesIO(content)) == ""
    assert clamd.seen == [content]


@pytest.mark.parametrize("content", [EICAR, files.pdf() + EICAR], ids=["alone", "behind a pdf"])
def test_eicar_is_found(clamd, content):
    assert find_virus(io.BytesIO(content)) == "Eicar-Test-Signature"


@pytest.mark.parametrize(
    "answer", [b"INSTREAM size limit exceeded. ERROR", b"stream: Can't allocate memory ERROR", b"?"]
)
def test_an_answer_that_is_neither_yes_nor_no_is_silence(clamd, answer):
    clamd.answer = answer
    with pytest.raises(ScannerSilent):
        find_virus(io.BytesIO(b"x"))


def test_a_daemon_that_is_away_is_silent(settings):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        settings.CLAMAV_URL = f"tcp://127.0.0.1:{closed.getsockname()[1]}"
    with pytest.raises(ScannerSilent):
        find_virus(io.BytesIO(b"x"))


def test_a_daemon_that_says_nothing_is_silent(settings, monkeypatch):
    monkeypatch.setattr(clamav, "TIMEOUT_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        settings.CLAMAV_URL = f"tcp://127.0.0.1:{mute.getsockname()[1]}"
        with pytest.raises(ScannerSilent):
            find_virus(io.BytesIO(b"x"))


def test_a_unix_socket_does_too(settings, tmp_path):
    place = tmp_path / "clamd.sock"
    settings.CLAMAV_URL = f"unix://{place}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(place))
        server.listen()
        thread = threading.Thread(target=_say_ok, args=[server])
        thread.start()
        assert find_virus(io.BytesIO(b"x")) == ""
        thread.join()


def _say_ok(server):
    line, _address = server.accept()
    with line, line.makefile("rb") as heard:
        heard.read(len(b"zINSTREAM\0") + 4 + 1 + 4)  # the command, one chunk of one byte, the end
        line.sendall(b"stream: OK\0")
