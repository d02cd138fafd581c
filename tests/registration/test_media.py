"""What a file is, is told by decoding it."""

import io
import struct
import zipfile
import zlib

import pikepdf
import pytest
from PIL import Image, ImageFile

from registration.media import MESSAGES, Unacceptable, clean_name, recognise
from tests.factories import DATA

TEN_MB = 10 * 1024 * 1024


def picture(kind, size=(640, 400), **options):
    """The bytes of a real picture."""
    out = io.BytesIO()
    Image.new("RGB", size, (230, 235, 245)).save(out, kind, **options)
    return out.getvalue()


def pdf(pages=1, **options):
    """The bytes of a real PDF."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        for _page in range(pages):
            document.add_blank_page()
        document.save(out, **options)
    return out.getvalue()


def chunk(name, content):
    """One chunk of a PNG."""
    checksum = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + checksum


def zipped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return out.getvalue()


def told(content):
    return recognise(io.BytesIO(content), size=len(content), most=TEN_MB)


def refused(content):
    with pytest.raises(Unacceptable) as refusal:
        told(content)
    return refusal.value.code


def test_half_a_picture_is_refused_whatever_others_told_pillow(monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint does
    assert refused(picture("PNG")[:200]) == "wrong_type"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (picture("JPEG"), "image/jpeg"),
        (picture("PNG"), "image/png"),
        (picture("WEBP"), "image/webp"),
        ((DATA / "lesen.heic").read_bytes(), "image/heic"),
        ((DATA / "lesen.jpg").read_bytes(), "image/jpeg"),
        (pdf(), "application/pdf"),
        (picture("JPEG", (400, 640)), "image/jpeg"),
    ],
)
def test_what_phones_and_scanners_make_is_taken(content, media_type):
    assert told(content) == media_type


def test_a_picture_with_a_second_one_inside_is_a_jpeg():
    second = Image.new("RGB", (640, 400))
    content = picture("MPO", save_all=True, append_images=[second])
    assert told(content) == "image/jpeg"


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        zipped(),
        picture("GIF"),
        picture("BMP"),
        b"\xff\xd8\xff\xe0 only the beginning of a JPEG",
        picture("JPEG")[:-2000],
        picture("PNG")[:200],
        (DATA / "lesen.heic").read_bytes()[:600],
        b"%PDF-1.7 and nothing after",
        b" " * 1024 + pdf(),
        b"GIF89a" + b"<script>" * 10,
        pdf(pages=0),
    ],
)
def test_what_is_not_a_picture_or_a_pdf_is_refused(content):
    assert refused(content) == "wrong_type"


def test_an_empty_file_is_refused():
    assert refused(b"") == "empty"


def test_a_file_of_more_than_ten_megabytes_is_refused():
    with pytest.raises(Unacceptable) as refusal:
        recognise(io.BytesIO(b""), size=TEN_MB + 1, most=TEN_MB)
    assert refusal.value.code == "too_large"


def test_a_pdf_that_asks_for_a_password_is_refused():
    locked = pdf(encryption=pikepdf.Encryption(user="rahsia", owner="rahsia"))
    assert refused(locked) == "locked"


def test_a_pdf_that_anybody_can_open_is_taken():
    assert told(pdf(encryption=pikepdf.Encryption(user="", owner="rahsia"))) == "application/pdf"


def test_a_book_is_refused():
    assert refused(pdf(pages=21)) == "too_many_pages"


def test_a_picture_too_small_to_read_is_refused():
    assert refused(picture("JPEG", (299, 200))) == "too_small"


@pytest.mark.parametrize("side", [7_100, 20_000])
def test_a_decompression_bomb_is_refused_by_its_header(side):
    header = struct.pack(">II5B", side, side, 1, 0, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"")
    assert refused(bomb) == "too_many_pixels"


def test_the_file_is_left_at_its_beginning():
    file = io.BytesIO(picture("JPEG"))
    recognise(file, size=100, most=TEN_MB)
    assert file.tell() == 0


@pytest.mark.parametrize("code", MESSAGES)
def test_every_refusal_has_its_sentence(code):
    assert str(Unacceptable(code)) == MESSAGES[code]


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
