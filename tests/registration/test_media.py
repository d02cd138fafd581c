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


GREEDY = """
import resource, sys
sys.path.insert(0, {folder!r})
import reencoding
def greedy(sent, made):
    with open("/proc/self/environ") as file:
        assert "SECRET" not in file.read()
    {deed}
reencoding.reencode = greedy
reencoding.main(sys.argv[1:])
"""


@pytest.mark.parametrize(
    "deed",
    [
        "bytearray(2 * 1024 ** 3)",
        "import os; os.kill(os.getpid(), 11)",
        "made.write_bytes(bytes(64 * 1024 ** 2))",
        "import time; time.sleep(60)",
    ],
    ids=["memory", "crash", "disk", "time"],
)
def test_a_file_that_takes_too_much_is_unreadable(deed, tmp_path, monkeypatch):
    program = tmp_path / "greedy.py"
    program.write_text(GREEDY.format(folder=str(media.READER.parent), deed=deed))
    monkeypatch.setattr(media, "READER", program)
    monkeypatch.setattr(media, "READING_SECONDS", 1)
    monkeypatch.setenv("SECRET_KEY", "rahsia")
    with pytest.raises(Unacceptable) as refusal:
        media.read(io.BytesIO(b"x"))
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
