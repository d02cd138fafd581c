"""The threat table of uploads, row by row: a real file, and what its sender is answered."""

import io
import random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from registration import media
from registration.media import MESSAGES, Unacceptable, accept
from registration.reader.made import Unreadable
from tests.factories import DATA
from tests.registration import files
from tests.registration.fake_clamd import EICAR

JPEG, PDF = "image/jpeg", "application/pdf"
TEN_MB = 10 * files.MEGABYTE


def answer(content, name, reencode):
    """As the portal takes a file: the web process looks, then the reader; a media type, or why."""
    try:
        accept(SimpleUploadedFile(name, content, JPEG), most=TEN_MB)
        return reencode(content).media_type
    except (Unacceptable, Unreadable) as refusal:
        return refusal.code


def infected(document):
    document.attachments["e.com"] = EICAR


THREATS = {
    # wrong types and polyglots
    "html named jpg": (b"<html><script>alert(1)</script>", "lesen.jpg", "wrong_type"),
    "gif that is html": (files.picture("GIF") + b"<script>", "lesen.gif", "other_picture"),
    "jpeg that is a zip": (files.picture("JPEG") + files.zipped(), "lesen.jpg", JPEG),
    "php behind a jpeg head": (b"\xff\xd8\xff\xe0<?php __HALT_COMPILER();", "a.jpg", "unreadable"),
    "pdf with scripts and files": (files.pdf(dress=files.arm), "surat.pdf", PDF),
    "pdf after a kilobyte": (b" " * 1024 + files.pdf(), "surat.pdf", "wrong_type"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "lesen.svg", "other_picture"),
    "svg, squeezed": (b"\x1f\x8b\x08\x00svgz", "lesen.svgz", "wrong_type"),
    "html": (b"<!doctype html>", "lesen.html", "wrong_type"),
    "docx": (files.zipped(), "surat.docx", "office"),
    # bombs and loops
    "20,000 x 20,000 png": (files.bomb(), "lesen.png", "too_many_pixels"),
    "500 pages": (files.pdf(pages=500), "surat.pdf", "too_many_pages"),
    "1,000 pages": (files.pdf(pages=1000), "surat.pdf", "too_many_pages"),
    "pages that hold themselves": (files.looping_pdf(), "surat.pdf", "unreadable"),
    "locked pdf": (files.locked_pdf(), "surat.pdf", "locked"),
    # photos as phones make them
    "gps and orientation 6": (files.photo_from_a_phone(), "IMG_1.jpg", JPEG),
    "heic named jpg": (files.HEIC, "lesen.jpg", JPEG),
    "cmyk": (files.picture("JPEG", image=files.card().convert("CMYK")), "lesen.jpg", JPEG),
    "png of 16 bits": (files.picture("PNG", image=files.card().convert("I;16")), "a.png", JPEG),
    "webp that moves": (
        files.picture("WEBP", save_all=True, append_images=[files.card()]),
        "lesen.webp",
        JPEG,
    ),
    # sizes
    "0 bytes": (b"", "lesen.jpg", "empty"),
    "10 MB and 1": (files.picture("JPEG").ljust(TEN_MB + 1, b"\0"), "lesen.jpg", "too_large"),
    "10 MB": (files.picture("JPEG").ljust(TEN_MB, b"\0"), "lesen.jpg", JPEG),
    # malware, where no scanner is: not a picture, or no longer in it
    "eicar": (EICAR, "lesen.jpg", "wrong_type"),
    "eicar in a pdf": (files.pdf(dress=infected), "surat.pdf", PDF),
}


@pytest.mark.parametrize(("content", "name", "expected"), THREATS.values(), ids=THREATS)
def test_each_row_has_its_answer(content, name, expected, reencode):
    assert answer(content, name, reencode) == expected


@pytest.mark.parametrize("code", sorted({row[2] for row in THREATS.values()} - {JPEG, PDF}))
def test_each_refusal_is_a_sentence_in_both_languages(code):
    with translation.override("ms"):
        malay = str(MESSAGES[code])
    with translation.override("en"):
        english = str(MESSAGES[code])
    assert len(malay) > 10
    assert len(english) > 10
    assert malay != english


LICENCE = (DATA / "lesen.jpg").read_bytes()
SEEDS = {"heic": files.HEIC, "jpeg": LICENCE, "pdf": files.letter("SURAT")}


@pytest.mark.proof
@pytest.mark.parametrize("kind", SEEDS)
@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_file_is_read_or_refused_but_breaks_nothing(kind, seed):
    """Each in a process of its own, as the worker does; the seed makes the same damage again."""
    chance = random.Random(seed)
    content = bytearray(SEEDS[kind])
    for _time in range(1 + seed * 4):
        content[chance.randrange(16, len(content))] = chance.randrange(256)
    assert result_of(bytes(content)) in {JPEG, PDF, *MESSAGES}


def result_of(content):
    try:
        return media.read(io.BytesIO(content)).media_type
    except Unacceptable as refusal:
        return refusal.code
