"""The first bytes tell most wrong files; the rest is read by a process with limits."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from registration import media
from registration.media import HINTS, MESSAGES, Unacceptable, accept, clean_name, refusal_of
from tests.registration import files

TEN_MB = 10 * files.MEGABYTE


def accepted(content, name="lesen.jpg"):
    return accept(SimpleUploadedFile(name, content, "image/jpeg"), most=TEN_MB)


def refused(content, name="lesen.jpg"):
    with pytest.raises(Unacceptable) as refusal:
        accepted(content, name)
    assert str(refusal.value) == MESSAGES[refusal.value.code]
    return refusal.value.code


@pytest.mark.parametrize(
    "content",
    [
        files.picture("JPEG"),
        files.picture("PNG"),
        files.picture("WEBP"),
        files.HEIC,
        files.pdf(),
    ],
)
def test_what_phones_and_scanners_make_may_be_read(content):
    file = accepted(content)
    assert (file.name, file.size) == ("lesen.jpg", len(content))
    assert file.content.read() == content


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "lesen.jpg", "empty"),
        (b"\xff\xd8\xff" + b"x" * (TEN_MB - 2), "lesen.jpg", "too_large"),
        (b"<html><script>alert(1)</script></html>", "lesen.jpg", "wrong_type"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "lesen.svg", "other_picture"),
        (b'<?xml version="1.0"?><SVG onload="alert(1)"/>', "lesen.png", "other_picture"),
        (b"\x1f\x8b\x08 svgz", "lesen.svgz", "wrong_type"),
        (files.zipped(), "lesen.docx", "office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "lesen.doc", "office"),
        (files.picture("GIF") + b"<script>", "lesen.gif", "other_picture"),
        (files.picture("BMP"), "lesen.bmp", "other_picture"),
        (files.picture("TIFF"), "lesen.tif", "other_picture"),
        (b"\0\0\0\x20ftypavif", "lesen.avif", "other_picture"),
        (b"\0\0\0\x18ftypmp42", "lesen.mp4", "video"),
        (b"\0\0\0\x14ftypqt  ", "lesen.mov", "video"),
        (b"RIFF\0\0\0\0AVI ", "lesen.avi", "wrong_type"),
        (b" " * 1024 + files.pdf(), "lesen.pdf", "wrong_type"),
        (b"teks sahaja", "lesen.txt", "wrong_type"),
    ],
)
def test_each_wrong_format_has_its_own_sentence(content, name, code):
    assert refused(content, name) == code


def test_ten_megabytes_are_taken():
    assert accepted(b"\xff\xd8\xff" + b"x" * (TEN_MB - 3)).size == TEN_MB


def test_a_head_shorter_than_any_mark_is_none_of_ours():
    assert refusal_of(b"\xff") == "wrong_type"


@pytest.mark.parametrize("words", [*MESSAGES.values(), *HINTS.values()])
def test_every_answer_is_a_sentence(words):
    assert len(str(words)) > 10


# --- a process of its own: the real one, three times --------------------------------------
def test_a_file_is_read_by_a_process_of_its_own():
    reading = media.read(io.BytesIO(files.photo_from_a_phone()))
    assert reading.media_type == "image/jpeg"
    assert reading.hints == ()
    assert reading.content.startswith(b"\xff\xd8\xff")


def test_its_refusal_is_ours():
    with pytest.raises(Unacceptable) as refusal:
        media.read(io.BytesIO(files.locked_pdf()))
    assert refusal.value.code == "locked"


def test_every_kind_is_read_without_opening_anything_more():
    """What Pillow, qpdf and PDFium import or open late is there already."""
    for content in (files.HEIC, files.picture("WEBP"), files.picture("MPO", save_all=True)):
        assert media.read(io.BytesIO(content)).media_type == "image/jpeg"
    reading = media.read(io.BytesIO(files.letter("SURAT", "MUKA DUA")))
    assert reading.content.startswith(b"%PDF-")
    assert [drawn[:3] for drawn in (reading.thumbnail, *reading.pages)] == [b"\xff\xd8\xff"] * 3


# What a broken decoder could be made to do: `deed` runs where it would.
GREEDY = """
import os, socket, sys, time
sys.path.insert(0, {folder!r})
from registration.reader import __main__ as program
from registration.reader.made import Made
with open("/proc/self/environ") as file:
    assert "SECRET" not in file.read()
class Greedy:
    def reencode(self, content):
        {deed}
        return Made("image/jpeg", b"berjaya", b"kecil")
program.reader_of = lambda content: Greedy()
program.main(sys.argv[1:])
"""


@pytest.fixture
def greedy(tmp_path, monkeypatch):
    """Reads by a program that does something else."""

    def read(deed):
        program = tmp_path / "greedy.py"
        program.write_text(GREEDY.format(folder=str(media.READER.parents[1]), deed=deed))
        monkeypatch.setattr(media, "READER", program)
        monkeypatch.setattr(media, "READING_SECONDS", 2)
        monkeypatch.setenv("SECRET_KEY", "rahsia")
        return media.read(io.BytesIO(b"x"))

    return read


def test_a_deed_that_takes_nothing_is_done(greedy):
    assert greedy("pass").content == b"berjaya"


@pytest.mark.parametrize(
    "deed",
    [
        "bytearray(2 * 1024 ** 3)",
        "os.kill(os.getpid(), 11)",
        "return Made('image/jpeg', bytes(64 * 1024 ** 2), b'')",
        "time.sleep(60)",
        "socket.socket()",
        "socket.create_connection(('127.0.0.1', 80))",
        "open('/etc/hostname')",
        "open('/tmp/curi', 'w')",
        "os.close(0); socket.socket()",
        "os.pipe()",
    ],
    ids=["memory", "crash", "disk", "time", "line", "name", "file", "new", "closed", "pipe"],
)
def test_a_file_that_takes_too_much_or_reaches_out_is_unreadable(greedy, deed):
    with pytest.raises(Unacceptable) as refusal:
        greedy(deed)
    assert refusal.value.code == "unreadable"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("lesen.jpg", "lesen.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Gambar\\lesen.jpg", "lesen.jpg"),
        ("le\x00sen\n.jpg", "lesen.jpg"),
        ("\u202egpj.exe", "gpj.exe"),
        ("kad 🚕.png", "kad 🚕.png"),
        ("", "fail"),
        ("a" * 4096 + ".jpeg", "a" * 95 + ".jpeg"),
        ("b" * 4096, "b" * 100),
    ],
)
def test_a_name_is_only_text_to_show(name, shown):
    assert clean_name(name) == shown
