"""Photos and PDFs as drivers really send them: each is read as a driver means it, or told why not.

The reader works inside its limits, as the worker starts it.
"""

import io
import re
import time
from itertools import pairwise

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from registration.media import MESSAGES, refusal_of
from registration.reader.jpeg import orientation, orientation_of
from registration.reader.made import Unreadable
from tests.factories import DATA
from tests.registration import files
from tests.registration.heic import grid

ADDRESS = ["NO 12 JALAN MELATI 3", "TAMAN SERI INDAH", "43000 KAJANG", "SELANGOR"]
COMPANY = "SYARIKAT TEKSI DAN KERETA SEWA MAJU JAYA BERSATU SDN BHD"


def opened(content):
    return Image.open(io.BytesIO(content))


def words_on(content):
    """What a PDF says to whoever searches it, without spaces: a comb has one around each sign."""
    with pypdfium2.PdfDocument(content) as pdf:
        told = "".join(page.get_textpage().get_text_range() for page in pdf)
    return re.sub(r"\s", "", told)


def said(words):
    return re.sub(r"\s", "", words)


def refusal(reencode, content):
    with pytest.raises(Unreadable) as refused:
        reencode(content)
    return refused.value.code


# --- PDFs that other readers open ----------------------------------------------------------
@pytest.mark.parametrize("name", ["owner_aes256", "bom", "newline_first"])
def test_what_every_reader_opens_is_taken(name, reencode):
    content = files.paper(name)
    assert refusal_of(content[:1024]) == ""
    made = reencode(content)
    assert (made.media_type, len(made.pages)) == ("application/pdf", 1)
    assert "SURATKEBENARAN" in words_on(made.content)
    with pikepdf.open(io.BytesIO(made.content)) as ours:
        assert not ours.is_encrypted


def test_a_zip_that_begins_with_a_pdf_is_a_zip():
    assert refusal_of(b"PK\x03\x04" + bytes(26) + files.pdf()) == "office"


@pytest.mark.parametrize(
    ("name", "code"), [("xfa_dynamic", "dynamic_form"), ("portfolio", "portfolio")]
)
def test_what_only_one_viewer_shows_is_refused_with_a_way_out(name, code, reencode):
    assert refusal(reencode, files.paper(name)) == code
    assert re.search("simpan|cetak", str(MESSAGES[code]))


@pytest.mark.parametrize("parts", [True, False])
def test_a_form_made_up_by_its_viewer_is_known_by_its_own_settings(parts, reencode):
    def dress(document):
        settings = pikepdf.Stream(document, b"<dynamicRender>required</dynamicRender>")
        xfa = pikepdf.Array(["config", settings]) if parts else settings
        document.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA=xfa)

    assert refusal(reencode, files.pdf(dress=dress)) == "dynamic_form"


@pytest.mark.parametrize("handler", ["/Adobe.PubSec", "/FOPN_fLock"])
def test_locked_by_a_certificate_or_a_shop_is_locked(handler, reencode):
    content = files.pdf(encryption=pikepdf.Encryption(user="", owner="x"))
    assert b"/Filter /Standard" in content
    changed = content.replace(b"/Filter /Standard", f"/Filter {handler}".encode())
    assert refusal(reencode, changed) == "locked"


# --- typed into a form, or written on a page -------------------------------------------------
def test_the_officer_reads_every_word_typed_into_a_form(reencode):
    told = words_on(reencode(files.paper("typed_form_multiline")).content)
    for line in [*ADDRESS, COMPANY, "850101145523", "KANAN"]:
        assert said(line) in told


def test_the_officer_reads_what_a_phone_has_filled_in(reencode):
    told = words_on(reencode(files.paper("typed_form_needappearances")).content)
    assert said("TAMAN SERI INDAH, BATU 14 JALAN HULU LANGAT") in told
    assert said("SELANGOR DARUL EHSAN") in told
    assert said(COMPANY) in told


@pytest.mark.parametrize("asks", [True, False], ids=["asks for drawing", "does not"])
def test_a_field_without_a_look_is_drawn_whether_it_asks_or_not(asks, reencode):
    with pikepdf.open(io.BytesIO(files.paper("typed_form_multiline"))) as pdf:
        pdf.Root.AcroForm.NeedAppearances = asks
        out = io.BytesIO()
        pdf.save(out)
    assert said("".join(ADDRESS)) in words_on(reencode(out.getvalue()).content)


def places_of(content, *words):
    """Left and lower edge of where each begins, and the right edge of where it ends, in points."""
    with pypdfium2.PdfDocument(content) as pdf:
        text = pdf[0].get_textpage()
        for word in words:
            first, count = text.search(word).get_next()
            left, bottom, _right, _top = text.get_charbox(first)
            yield round(left), round(bottom), text.get_charbox(first + count - 1)[2]


def test_lines_lie_below_each_other_and_long_words_within_their_box(reencode):
    made = reencode(files.paper("typed_form_multiline")).content
    lines = list(places_of(made, *ADDRESS))
    lefts = [left for left, _bottom, _right in lines]
    assert max(lefts) - min(lefts) <= 1
    bottoms = [bottom for _left, bottom, _right in lines]
    assert bottoms == sorted(bottoms, reverse=True)
    assert min(above - below for above, below in pairwise(bottoms)) > 8
    [(_left, _bottom, right)] = places_of(made, "BERSATU SDN BHD")
    assert right < 200
    [(left, _bottom, right)] = places_of(made, "KANAN")
    assert (left > 300, 395 < right <= 400) == (True, True)


def test_text_in_a_form_stays_within_its_box(reencode):
    [page] = reencode(files.paper("typed_form_multiline")).pages
    with opened(page) as image:
        scale = image.width / 420
        box = [round(value * scale) for value in (201, 111, 219, 129)]  # behind the company's name
        assert image.convert("L").crop(box).getextrema()[0] > 200


def test_notes_and_ink_without_a_look_are_shown(reencode):
    made = reencode(files.paper("annotations"))
    assert said("TULISAN BEBAS TANPA AP") in words_on(made.content)
    assert made.hints == ()
    with opened(made.pages[0]) as image:
        scale = image.width / 595.28
        ink = [round(value * scale) for value in (60, 842 - 180, 300, 842 - 100)]
        stamp = [round(value * scale) for value in (60, 842 - 380, 260, 842 - 300)]
        for box in (ink, stamp):
            assert image.convert("L").crop(box).getextrema()[0] < 128


def noted(**facts):
    """A PDF with one annotation."""

    def dress(document):
        facts.setdefault("Rect", [20, 20, 120, 60])
        note = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Annot, **facts))
        document.pages[0].Annots = pikepdf.Array([note])

    return files.pdf(dress=dress)


@pytest.mark.parametrize(
    ("facts", "hints"),
    [
        ({"Subtype": pikepdf.Name.Line, "L": [20, 20, 99, 50]}, ("notes",)),
        ({"Subtype": pikepdf.Name.Stamp, "Name": pikepdf.Name.Approved}, ("notes",)),
        ({"Subtype": pikepdf.Name.Text, "Contents": "Lihat belakang"}, ("notes",)),
        ({"Subtype": pikepdf.Name.Text}, ()),
        ({"Subtype": pikepdf.Name.Square, "C": [1, 0, 0]}, ()),
        ({"Subtype": pikepdf.Name.Stamp, "F": 2}, ()),
        ({"Subtype": pikepdf.Name.Link}, ()),
    ],
    ids=["line", "stamp", "sticky note", "empty sticky note", "square", "hidden", "link"],
)
def test_the_driver_is_told_of_notes_that_nobody_will_see(facts, hints, reencode):
    assert reencode(noted(**facts)).hints == hints


@pytest.mark.parametrize("broken", [5, pikepdf.Array([5]), pikepdf.Dictionary()])
def test_what_is_no_list_of_notes_costs_no_paper(broken, reencode):
    def dress(document):
        document.pages[0].Annots = broken
        document.Root.AcroForm = pikepdf.Array()

    assert reencode(files.pdf(dress=dress)).hints == ()


# --- long pages -----------------------------------------------------------------------------
def test_a_page_without_end_is_read_by_its_width(reencode):
    [page] = reencode(files.paper("long_page")).pages
    with opened(page) as image:
        assert image.width > 800  # of a phone's 390 points: twice as large as there
        assert image.height < 30_000  # Firefox draws no picture that is longer than 32,767


@pytest.mark.proof
def test_twenty_long_pages_are_drawn_within_the_readers_limits(reencode):
    made = reencode(files.letter(*["PANJANG"] * 20, size=(390, 14_000)))
    with opened(made.pages[19]) as image:
        assert image.width * image.height < 4_100_000
    assert len(made.pages) == 20


def test_a_long_screenshot_is_read_by_its_width(reencode):
    made = reencode(files.long_screenshot())
    with opened(made.content) as image, opened(made.thumbnail) as small:
        assert image.size == (1000, 8889)
        assert small.width == 80  # of its beginning


# --- photos ---------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_words_on_glass_lie_on_paper(kind, reencode):
    with opened(reencode(files.words_on_glass(kind)).content) as image:
        assert image.size == (2000, 1250)
        assert min(image.getpixel((20, 20))) > 250
        assert max(image.getpixel((1000, 200))) < 5


@pytest.mark.parametrize("mode", ["1", "P"])
def test_thin_lines_are_not_lost_in_few_colours(mode, reencode):
    lines = Image.new("L", (4000, 600), "white")
    for at in range(1, 4000, 8):
        lines.paste(0, (at, 0, at + 1, 600))
    with opened(reencode(files.picture("PNG", image=lines.convert(mode))).content) as image:
        low, high = image.convert("L").crop((100, 100, 1900, 200)).getextrema()
        assert (low < 200, high > 240) == (True, True)


ODD = {
    "below the sea": files.below_the_sea(),
    "no value": files.tiff((0x011A, 5, 1, b"\xff\0\0\0"), (0x0112, 3, 1, b"\6\0\0\0")),
    "a ratio of nothing": files.tiff(
        (0x0112, 3, 1, b"\6\0\0\0"), (0x011A, 5, 1, b"\x26\0\0\0"), tail=bytes(8)
    ),
    "in a long number": files.tiff((0x0112, 4, 1, b"\0\0\0\6"), order=">"),
    "in one byte": files.tiff((0x0112, 1, 1, b"\6\0\0\0")),
    "only in XMP, double quotes": (0xE1, files.xmp('tiff:Orientation="6"/>')),
    "only in XMP, single quotes": (0xE1, files.xmp("tiff:Orientation='6'/>")),
    "only in XMP, spaced": (0xE1, files.xmp("tiff:Orientation = '6' />")),
    "only in XMP, an element": (0xE1, files.xmp("><tiff:Orientation>6</tiff:Orientation>")),
}


@pytest.mark.parametrize("said", ODD.values(), ids=ODD)
def test_odd_words_of_a_phone_cost_no_photo_and_turn_it_upright(said, reencode):
    segment = said if isinstance(said, tuple) else (0xE1, said)
    with opened(reencode(files.told(files.picture(), segment)).content) as image:
        assert image.size == (1000, 1600)


BROKEN = {
    "nothing": b"Exif\0\0",
    "half": files.below_the_sea()[:15],
    "no directory": b"Exif\0\0II*\0\xff\xff\xff\xff",
    "endless": b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + bytes(40),
    "no such way": files.tiff((0x0112, 3, 1, b"\x63\0\0\0")),
    "words": files.tiff((0x0112, 2, 4, b"abc\0")),
}


@pytest.mark.parametrize("said", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("marker", [0xE1, 0xE2, 0xED])
def test_broken_words_of_a_phone_cost_no_photo(said, marker, reencode):
    odd = files.told(files.picture(), (marker, said), (0xE2, b"MPF\0" + said))
    with opened(reencode(odd).content) as image:
        assert image.size == (1600, 1000)


def test_exif_goes_before_xmp_unless_it_does_not_know():
    turned = files.tiff((0x0112, 3, 1, b"\3\0\0\0"))
    unknown = files.tiff((0x0112, 3, 1, b"\0\0\0\0"))
    xmp = files.xmp("tiff:Orientation='8'")
    assert [orientation(exif, xmp) for exif in (turned, unknown, b"")] == [3, 8, 8]
    assert orientation_of(files.told(files.picture(), (0xE1, xmp), (0xE1, turned))) == 3
    assert orientation_of(files.picture()) == 1


def test_a_photo_of_many_small_segments_costs_what_it_weighs():
    """By ratio: four times the segments take about four times as long, not sixteen."""
    segment = b"\xff\xe1\x00\x06abcd"

    def took(count):
        jpeg = b"\xff\xd8" + count * segment
        began = time.process_time()
        orientation_of(jpeg)
        return time.process_time() - began

    few, many = (min(took(count) for _round in range(3)) for count in (25_000, 100_000))
    assert many < 8 * few


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_pictures_are_turned_too(kind, reencode):
    exif = Image.Exif()
    exif[0x0112] = 8
    with opened(reencode(files.picture(kind, exif=exif)).content) as image:
        assert image.size == (1000, 1600)


@pytest.mark.parametrize("turn", range(1, 9))
def test_each_way_is_turned_upright(turn, reencode):
    """A picture whose upper left is black, as eight ways of holding the phone store it."""
    upright = Image.new("RGB", (160, 100), "white")
    upright.paste("black", (0, 0, 60, 40))
    back = [None, *Image.Transpose]  # what undoes each, in the order of the values
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = upright.transpose(Image.Transpose(undo[turn])) if turn > 1 else upright
    exif = files.tiff((0x0112, 3, 1, bytes([turn, 0, 0, 0])))
    sent = files.told(files.picture(image=stored), (0xE1, exif))
    assert back[0] is None
    with opened(reencode(sent).content) as image:
        assert image.size == (160, 100)
        assert max(image.getpixel((10, 10))) < 40
        assert min(image.getpixel((150, 90))) > 215


@pytest.mark.parametrize("progressive", [False, True])
def test_a_photo_that_lacks_only_its_end_mark_is_whole(progressive, reencode):
    whole = files.picture(progressive=progressive)
    assert whole.endswith(b"\xff\xd9")
    assert reencode(whole[:-2]).content == reencode(whole).content


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("left", [0.3, 0.5, 0.9])
def test_half_a_photo_is_none(progressive, left, reencode):
    whole = files.picture(progressive=progressive)
    assert refusal(reencode, whole[: int(len(whole) * left)]) == "unreadable"


# --- fifty megapixels -------------------------------------------------------------------------
@pytest.mark.parametrize("progressive", [False, pytest.param(True, marks=pytest.mark.proof)])
def test_a_photo_of_fifty_megapixels_is_taken(progressive, reencode):
    image = Image.new("L", (8192, 6144), "grey")
    with opened(reencode(files.picture(image=image, progressive=progressive)).content) as ours:
        assert ours.size == (2000, 1500)


@pytest.mark.proof
def test_a_heic_of_fifty_megapixels_is_taken(reencode):
    tiles = grid((DATA / "lesen-12mp.heic").read_bytes(), 2, 2)
    with opened(reencode(tiles).content) as image:
        assert image.size == (2000, 1500)


@pytest.mark.parametrize("mode", ["RGBA", "P"])
@pytest.mark.proof
def test_a_drawing_of_fifty_megapixels_is_taken(mode, reencode):
    image = Image.new(mode, (8192, 6144))
    made = reencode(files.picture("PNG", image=image, compress_level=1))
    assert made.media_type == "image/jpeg"
