"""Whatever is sent, what we keep is upright, small, without metadata, and does nothing."""

import io
import json
import re

import pikepdf
import pytest
from PIL import Image, ImageFilter

from registration import reencoding
from registration.media import HINTS, MESSAGES
from registration.reencoding import Unreadable, main, reencode
from tests.factories import DATA
from tests.registration import files

pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning")


@pytest.fixture
def made(tmp_path):
    """Re-encodes bytes; returns what was made, and what was told of it."""

    def make(content):
        sent, out = tmp_path / "sent", tmp_path / "made"
        sent.write_bytes(content)
        told = reencode(sent, out)
        return out.read_bytes(), told

    return make


@pytest.fixture
def refused(made):
    def refuse(content):
        with pytest.raises(Unreadable) as refusal:
            made(content)
        assert refusal.value.code in MESSAGES
        return refusal.value.code

    return refuse


def opened(content):
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize(
    "content",
    [
        files.picture("JPEG"),
        files.picture("PNG"),
        files.picture("WEBP"),
        files.HEIC,
        (DATA / "lesen.jpg").read_bytes(),
        files.picture("JPEG", image=files.card().convert("CMYK")),
        files.picture("PNG", image=files.card().convert("L").convert("I;16")),
        files.picture("PNG", image=files.card().convert("RGBA")),
        files.picture("PNG", image=files.card().convert("P")),
        files.picture("WEBP", save_all=True, append_images=[files.card()]),
        files.picture("MPO", save_all=True, append_images=[files.card()]),
    ],
    ids=[
        "jpeg",
        "png",
        "webp",
        "heic",
        "lesen",
        "cmyk",
        "16-bit",
        "alpha",
        "palette",
        "animated",
        "mpo",
    ],
)
def test_every_picture_becomes_a_plain_jpeg(made, content):
    ours, told = made(content)
    assert told["media_type"] == "image/jpeg"
    with opened(ours) as image:
        assert (image.format, image.mode) == ("JPEG", "RGB")
        assert max(image.size) <= 2000


def test_a_photo_is_turned_upright_and_tells_nothing_of_the_phone(made):
    ours, _told = made(files.photo_from_a_phone())
    with opened(ours) as image:
        assert image.size == (1000, 1600)
        assert dict(image.getexif()) == {}
        assert not {"exif", "icc_profile", "xmp", "photoshop", "comment"} & set(image.info)
    assert b"RahsiaPhone" not in ours


def test_a_large_photo_is_fitted_to_two_thousand_pixels(made):
    ours, _told = made(files.picture("JPEG", (4032, 3024)))
    with opened(ours) as image:
        assert image.size == (2000, 1500)


def test_what_was_transparent_is_paper(made):
    ours, _told = made(files.picture("PNG", image=Image.new("RGBA", (900, 600), (0, 0, 0, 0))))
    with opened(ours) as image:
        assert image.getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("content", "hidden"),
    [
        (files.picture("JPEG") + b"<script>alert(1)</script>", b"<script>"),
        (files.picture("JPEG") + files.zipped(), b"PK\x03\x04"),
        (files.picture("PNG") + b"<?php system('id')", b"<?php"),
        (files.picture("JPEG", comment=b"<script>alert(1)</script>"), b"<script>"),
    ],
    ids=["html behind", "zip behind", "php behind", "html in a comment"],
)
def test_of_a_polyglot_only_the_picture_is_left(made, content, hidden):
    assert hidden in content
    ours, _told = made(content)
    assert hidden not in ours


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8\xff\xe0 only the beginning of a JPEG",
        files.picture("JPEG")[:-2000],
        files.picture("PNG")[:200],
        files.HEIC[:600],
        files.picture("GIF"),
        b"%PDF-1.7 and nothing after",
        files.pdf(pages=0),
        files.looping_pdf(),
        b"<html></html>",
        b"",
    ],
    ids=["head", "jpeg", "png", "heic", "gif", "pdf", "no-pages", "loop", "html", "nothing"],
)
def test_what_cannot_be_read_whole_is_refused(refused, content):
    assert refused(content) == "unreadable"


@pytest.mark.parametrize("side", [7_104, 20_000])
def test_a_bomb_is_refused_by_its_header(refused, side, monkeypatch):
    content = files.bomb(side)
    monkeypatch.setattr(Image.Image, "load", None)  # nothing may be decoded
    assert len(content) < 300_000
    assert refused(content) == "too_many_pixels"


def test_an_armed_pdf_is_disarmed(made):
    content = files.pdf(dress=files.arm)
    ours, told = made(content)
    assert told == {"media_type": "application/pdf", "hints": []}
    with pikepdf.open(io.BytesIO(ours)) as document:
        everything = b"".join(thing.unparse(resolved=True) for thing in document.objects)
        assert set(document.Root.keys()) == {"/Type", "/Pages"}
        assert "/Info" not in document.trailer
        assert len(document.attachments) == 0
        assert len(document.pages) == 1
    assert not re.search(rb"JavaScript|/JS|Launch|EmbeddedFile|XFA|/AA|OpenAction", everything)
    for secret in (b"bom", b"MZ jahat", b"calc.exe", b"xdp", b"Chandran"):
        assert secret not in everything


def test_what_was_typed_into_a_form_stays_to_be_read(made):
    def fill(document):
        look = pikepdf.Stream(document, b"BT /F1 12 Tf (AMINAH) Tj ET")
        look.Type, look.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        look.BBox = [0, 0, 99, 20]
        field = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Tx,
                T="nama",
                V="AMINAH",
                Rect=[10, 10, 109, 30],
                AP=pikepdf.Dictionary(N=look),
                F=4,
            )
        )
        document.pages[0].Annots = pikepdf.Array([field])
        document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))

    ours, _told = made(files.pdf(dress=fill))
    with pikepdf.open(io.BytesIO(ours)) as document:
        page = document.pages[0]
        assert "/Annots" not in page
        drawn = b"".join(form.read_bytes() for form in page.Resources.XObject.values())
    assert b"AMINAH" in drawn


def test_a_pdf_that_asks_for_a_password_is_refused(refused):
    assert refused(files.locked_pdf()) == "locked"


def test_a_pdf_that_anybody_can_open_is_taken_and_opened(made):
    ours, _told = made(files.pdf(encryption=pikepdf.Encryption(user="", owner="rahsia")))
    with pikepdf.open(io.BytesIO(ours)) as document:
        assert not document.is_encrypted


@pytest.mark.parametrize("pages", [21, 500])
def test_a_book_is_refused(refused, pages):
    assert refused(files.pdf(pages=pages)) == "too_many_pages"


@pytest.mark.parametrize(
    ("image", "hints"),
    [
        (files.card(), []),
        (files.card((799, 500)), ["small"]),
        (files.card().point(lambda value: value // 6), ["dark"]),
        (files.card().filter(ImageFilter.GaussianBlur(12)), ["soft"]),
        (Image.new("RGB", (40, 40)), ["small", "dark", "soft"]),
        (Image.new("RGB", (1, 1)), ["small", "dark", "soft"]),
        (Image.new("RGB", (1200, 3), "white"), ["soft"]),
    ],
)
def test_a_photo_that_may_be_hard_to_read_gets_a_hint_and_is_taken(made, image, hints):
    _ours, told = made(files.picture("PNG", image=image))
    assert told["hints"] == hints
    assert set(hints) <= set(HINTS)


def told_by_main(capsys, monkeypatch, *paths):
    monkeypatch.setattr(reencoding.resource, "setrlimit", lambda *limits: None)
    main([str(path) for path in paths])
    return json.loads(capsys.readouterr().out)


def test_the_program_tells_what_it_made(tmp_path, capsys, monkeypatch):
    sent = tmp_path / "sent"
    sent.write_bytes(files.picture("JPEG"))
    told = told_by_main(capsys, monkeypatch, sent, tmp_path / "made")
    assert told == {"media_type": "image/jpeg", "hints": []}


def test_the_program_tells_why_it_refuses(tmp_path, capsys, monkeypatch):
    sent = tmp_path / "sent"
    sent.write_bytes(files.locked_pdf())
    told = told_by_main(capsys, monkeypatch, sent, tmp_path / "made")
    assert told == {"refusal": "locked"}
