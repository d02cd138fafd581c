"""Whatever is sent, what we keep is upright, small, without metadata, and does nothing."""

import io
import json
import re
import resource

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageFilter, JpegImagePlugin

from registration.media import HINTS, MESSAGES
from registration.reader import __main__ as program
from registration.reader import photos
from registration.reader.jpeg import bare_jpeg
from registration.reader.made import Unreadable
from tests.factories import DATA
from tests.registration import files

pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning")


@pytest.fixture
def refused(reencode):
    """Why a file is refused."""

    def refuse(content):
        with pytest.raises(Unreadable) as refusal:
            reencode(content)
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
def test_every_picture_becomes_a_plain_jpeg(content, reencode):
    made = reencode(content)
    assert (made.media_type, made.pages) == ("image/jpeg", ())
    with opened(made.content) as image:
        assert (image.format, image.mode) == ("JPEG", "RGB")
        assert max(image.size) <= 2000


def test_a_photo_is_turned_upright_and_tells_nothing_of_the_phone(reencode):
    ours = reencode(files.photo_from_a_phone()).content
    with opened(ours) as image:
        assert image.size == (1000, 1600)
        assert dict(image.getexif()) == {}
        assert not {"exif", "icc_profile", "xmp", "photoshop", "comment"} & set(image.info)
    assert b"RahsiaPhone" not in ours


def test_a_large_photo_is_fitted_to_two_thousand_pixels(reencode):
    ours = reencode(files.picture("JPEG", (4032, 3024))).content
    with opened(ours) as image:
        assert image.size == (2000, 1500)


def test_a_large_jpeg_is_decoded_near_the_size_that_is_wanted(monkeypatch):
    decoded = []
    load = JpegImagePlugin.JpegImageFile.load

    def note(image):
        decoded.append(image.size)
        return load(image)

    monkeypatch.setattr(JpegImagePlugin.JpegImageFile, "load", note)
    photos.reencode(files.picture("JPEG", (4032, 3024)))
    assert decoded[0] == (2016, 1512)


def test_what_was_transparent_is_paper(reencode):
    ours = reencode(files.picture("PNG", image=Image.new("RGBA", (900, 600), (0, 0, 0, 0)))).content
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
def test_of_a_polyglot_only_the_picture_is_left(content, hidden, reencode):
    assert hidden in content
    ours = reencode(content).content
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
def test_what_cannot_be_read_whole_is_refused(content, refused):
    assert refused(content) == "unreadable"


@pytest.mark.parametrize("side", [7_104, 20_000])
def test_a_bomb_is_refused_by_its_header(side, monkeypatch):
    content = files.bomb(side)
    monkeypatch.setattr(Image.Image, "load", None)  # nothing may be decoded
    assert len(content) < 300_000
    with pytest.raises(Unreadable) as refusal:
        photos.reencode(content)
    assert refusal.value.code == "too_many_pixels"


def test_an_armed_pdf_is_disarmed(reencode):
    content = files.pdf(dress=files.arm)
    made = reencode(content)
    assert (made.media_type, made.hints, len(made.pages)) == ("application/pdf", (), 1)
    with pikepdf.open(io.BytesIO(made.content)) as document:
        everything = b"".join(thing.unparse(resolved=True) for thing in document.objects)
        assert set(document.Root.keys()) == {"/Type", "/Pages"}
        assert "/Info" not in document.trailer
        assert len(document.attachments) == 0
        assert len(document.pages) == 1
    assert not re.search(rb"JavaScript|/JS|Launch|EmbeddedFile|XFA|/AA|OpenAction", everything)
    for secret in (b"bom", b"MZ jahat", b"calc.exe", b"xdp", b"Chandran"):
        assert secret not in everything


def streams(content):
    """What every stream of a PDF says; photos as they lie."""
    with pikepdf.open(io.BytesIO(content)) as document:
        for thing in document.objects:
            if isinstance(thing, pikepdf.Stream):
                is_photo = thing.get("/Filter") == "/DCTDecode"
                yield thing.read_raw_bytes() if is_photo else thing.read_bytes()


def test_nothing_is_carried_where_nobody_looks(reencode):
    content = files.pdf(dress=files.hide)
    made = reencode(content).content
    with pikepdf.open(io.BytesIO(made)) as document:
        everything = b"".join(thing.unparse(resolved=True) for thing in document.objects)
        assert set(document.Root.keys()) == {"/Type", "/Pages"}
        assert list(document.pages[0].Resources.XObject) == ["/A"]
    assert b"bom" not in everything + b"".join(streams(made))


def test_layers_stay_for_they_say_what_is_not_to_be_seen(reencode):
    def layer(document):
        document.Root.OCProperties = pikepdf.Dictionary(OCGs=[], D=pikepdf.Dictionary(OFF=[]))

    with pikepdf.open(io.BytesIO(reencode(files.pdf(dress=layer)).content)) as document:
        assert "/OCProperties" in document.Root


@pytest.mark.parametrize(
    "filters",
    [
        [pikepdf.Name.DCTDecode],
        [pikepdf.Name.FlateDecode, pikepdf.Name.DCTDecode],
        [pikepdf.Name.ASCIIHexDecode, pikepdf.Name.FlateDecode, pikepdf.Name.DCTDecode],
    ],
    ids=["plain", "squeezed", "squeezed and written out"],
)
@pytest.mark.parametrize("progressive", [False, True])
def test_a_photo_in_a_pdf_tells_nothing_of_the_phone(filters, progressive, reencode):
    photo = files.photo_from_a_phone(progressive=progressive, comment=b"RahsiaPhone")
    made = reencode(files.scanned(photo + b"RahsiaPhone", filters))
    [ours] = [one for one in streams(made.content) if one.startswith(b"\xff\xd8")]
    assert photo.count(b"RahsiaPhone") == 2
    assert b"RahsiaPhone" not in made.content + ours
    with opened(ours) as image, opened(photo) as sent:
        assert dict(image.getexif()) == {}
        assert image.tobytes() == sent.tobytes()
    assert made.pages == reencode(files.scanned(photo)).pages


def test_a_photo_in_a_pdf_keeps_its_colours(reencode):
    inverted = files.picture("JPEG", image=files.card().convert("CMYK"))  # APP14 says so
    ours = bare_jpeg(inverted)
    assert b"Adobe" in ours
    with opened(ours) as image, opened(inverted) as sent:
        assert image.tobytes() == sent.tobytes()
    content = files.scanned(files.picture(), DecodeParms=pikepdf.Dictionary(ColorTransform=0))
    with pikepdf.open(io.BytesIO(reencode(content).content)) as document:
        photo = document.pages[0].Resources.XObject.A
        assert photo.DecodeParms.ColorTransform == 0


@pytest.mark.parametrize(
    ("jpeg", "left"),
    [
        (b"", b""),
        (b"no picture", b"no picture"),
        (b"junk\xff\xd8\xff\xe1\x00\x04ab\xff\xd9tail", b"\xff\xd8\xff\xd9"),
        (b"\xff\xd8\xff\xe1\xff\xffcut", b"\xff\xd8"),
        (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xd9", b"\xff\xd8\xff\xe0\x00\x04ab\xff\xd9"),
        (
            b"\xff\xd8\xff\xda\x00\x02a\xff\x00b\xff\xd0c",
            b"\xff\xd8\xff\xda\x00\x02a\xff\x00b\xff\xd0c",
        ),
        (b"\xff" * 9, b"\xff" * 9),
    ],
    ids=["empty", "none", "around", "cut", "JFIF", "no end", "filling"],
)
def test_a_jpeg_is_bared_however_broken(jpeg, left):
    assert bare_jpeg(jpeg) == left


def test_what_was_typed_into_a_form_stays_to_be_read(reencode):
    ours = reencode(files.filled_form()).content
    with pikepdf.open(io.BytesIO(ours)) as document:
        assert "/Annots" not in document.pages[0]
        assert "/AcroForm" not in document.Root
    with pypdfium2.PdfDocument(ours) as document:
        assert "AMINAH" in document[0].get_textpage().get_text_range()


def test_a_pdf_that_asks_for_a_password_is_refused(refused):
    assert refused(files.locked_pdf()) == "locked"


def test_a_pdf_that_anybody_can_open_is_taken_and_opened(reencode):
    ours = reencode(files.pdf(encryption=pikepdf.Encryption(user="", owner="rahsia"))).content
    with pikepdf.open(io.BytesIO(ours)) as document:
        assert not document.is_encrypted


@pytest.mark.parametrize("pages", [21, 500])
def test_a_book_is_refused(pages, refused):
    assert refused(files.pdf(pages=pages)) == "too_many_pages"


@pytest.mark.parametrize(
    ("image", "hints"),
    [
        (files.card(), []),
        (files.card((799, 500)), ["small"]),
        (files.card().point(lambda value: value // 6), ["dark"]),
        (files.card((2000, 1250)).filter(ImageFilter.GaussianBlur(4)), []),
        (files.card((2000, 1250)).filter(ImageFilter.GaussianBlur(5)), ["soft"]),
        (files.grainy(files.card((2000, 1250))), []),
        (files.grainy(files.card((2000, 1250)).filter(ImageFilter.GaussianBlur(5))), ["soft"]),
        (Image.new("RGB", (40, 40)), ["small", "dark", "soft"]),
        (Image.new("RGB", (1, 1)), ["small", "dark", "soft"]),
        (Image.new("RGB", (1200, 3), "white"), ["soft"]),
    ],
)
def test_a_photo_that_may_be_hard_to_read_gets_a_hint_and_is_taken(image, hints, reencode):
    assert list(reencode(files.picture("PNG", image=image)).hints) == hints
    assert set(hints) <= set(HINTS)


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (files.picture("JPEG", (4032, 3024)), (240, 180)),
        (files.photo_from_a_phone(), (150, 240)),
        (files.picture("PNG", image=Image.new("RGB", (1, 1))), (1, 1)),
        (files.letter("SURAT KEBENARAN", "MUKA DUA"), (170, 240)),
    ],
    ids=["large", "upright", "dot", "first page"],
)
def test_a_small_picture_is_made_of_what_is_kept(content, size, reencode):
    thumbnail = reencode(content).thumbnail
    assert len(thumbnail) < 10_000
    with opened(thumbnail) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", size)
        assert dict(image.getexif()) == {}


# --- drawn pages ---------------------------------------------------------------------------
def test_each_page_of_a_pdf_is_drawn_as_it_is_read(reencode):
    made = reencode(files.letter("SURAT KEBENARAN", "MUKA DUA"))
    assert len(made.pages) == 2
    for page in made.pages:
        with opened(page) as image:
            assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (1240, 1755))
            assert image.convert("L").getextrema()[0] < 50  # ink
    assert made.pages[0] != made.pages[1]


@pytest.mark.parametrize(
    ("points", "dots"),
    [((14_400, 14_400), (2000, 2000)), ((14_400, 10), (30_001, 21)), ((3, 3), (7, 7))],
)
def test_a_page_of_any_size_is_drawn_within_limits(points, dots, reencode):
    [page] = reencode(files.letter("BESAR", size=points)).pages
    with opened(page) as image:
        assert image.size == dots


def test_what_was_typed_into_a_form_is_drawn(reencode):
    [page] = reencode(files.filled_form()).pages
    with opened(page) as image:
        assert image.convert("L").getextrema()[0] < 50


# --- the program ---------------------------------------------------------------------------
def told_by_main(capsys, monkeypatch, folder, content):
    monkeypatch.setattr(program, "limit", lambda: None)
    sent, made = folder / "sent", folder / "made"
    sent.write_bytes(content)
    program.main([str(sent), str(made)])
    return json.loads(capsys.readouterr().out), made.read_bytes()


def test_the_program_tells_what_it_made(tmp_path, capsys, monkeypatch):
    told, made = told_by_main(capsys, monkeypatch, tmp_path, files.letter("SATU", "DUA"))
    assert (told["media_type"], told["hints"]) == ("application/pdf", [])
    assert (len(told["sizes"]), sum(told["sizes"])) == (4, len(made))


def test_the_program_tells_why_it_refuses(tmp_path, capsys, monkeypatch):
    told, made = told_by_main(capsys, monkeypatch, tmp_path, files.locked_pdf())
    assert (told, made) == ({"refusal": "locked"}, b"")


def test_too_little_memory_is_unreadable(tmp_path, capsys, monkeypatch):
    def greedy(content):
        raise MemoryError

    monkeypatch.setattr(photos, "reencode", greedy)
    told, _made = told_by_main(capsys, monkeypatch, tmp_path, b"x")
    assert told == {"refusal": "unreadable"}


def test_it_takes_from_itself_what_it_does_not_need(monkeypatch):
    taken = {}
    monkeypatch.setattr(program.resource, "setrlimit", taken.__setitem__)
    program.limit()
    assert taken == {
        resource.RLIMIT_AS: (1024**3, 1024**3),
        resource.RLIMIT_CPU: (20, 20),
        resource.RLIMIT_FSIZE: (40 * 1024**2, 40 * 1024**2),
        resource.RLIMIT_NOFILE: (0, 0),
    }
