"""Makes clean pictures, or a clean PDF, of an uploaded file. A program of its own, without Django.

`python -I reencoding.py SENT MADE` reads the file SENT and writes what it made into MADE, one part
after the other; it prints as JSON a media type, the sizes of the parts, and hints, or the code of a
refusal. Whatever a hostile file does to a decoder happens in this process, which has little memory,
little time, no secrets, and may open nothing more: no file, and no line to anywhere.
"""

import io
import json
import re
import resource
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pi_heif
import pikepdf
import pypdfium2
from PIL import (
    Image,
    ImageFile,
    ImageFilter,
    ImageOps,
    ImageStat,
    MpoImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

# Pillow would import these when it meets them: too late, see `limit`.
EARLY = (MpoImagePlugin, TiffImagePlugin, WebPImagePlugin)

MEGABYTE = 1024 * 1024
MEMORY = 1024 * MEGABYTE  # of addresses: 50 million pixels take half of it
CPU_SECONDS = 20
LARGEST_MADE = 40 * MEGABYTE
MAX_PIXELS = 50_000_000
MAX_PAGES = 20
LONGEST_SIDE = 2000
PAGE_SCALE = 150 / 72  # dots of a drawn page for each point of the PDF: small print can be read
QUALITY = 82
THUMBNAIL_SIDE = 240
THUMBNAIL_QUALITY = 60  # 2 to 8 KB: two of them on a page are a second of a slow line
JPEG, PDF = "image/jpeg", "application/pdf"

# Below these an officer may not be able to read a card. Its print has an edge strength of 255 in
# focus, and of 30 when it is blurred by five pixels of 2,000.
SMALL_SIDE = 800
DARK_MEAN = 60
SOFT_EDGES = 40
LOOKED_AT = (800, 800)

# What seeing a PDF needs of its catalogue, where layers say what is not to be seen, and of pages.
CATALOGUE = {"/Type", "/Pages", "/OCProperties"}
BOXES = {"/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate", "/UserUnit"}
PAGES = BOXES | {"/Type", "/Parent", "/Kids", "/Count", "/Contents", "/Resources", "/Group"}
# What anything in it can do, carry or tell besides.
ACTIVE = {"/AA", "/OpenAction", "/JS", "/JavaScript", "/Launch", "/A"}
CARRIED = {"/AF", "/EF", "/Metadata", "/PieceInfo"}
# Of a JPEG: with what, when and where it was taken, and comments. APP0 and APP14 tell its colours.
MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd8\xff])")
TELLING, END = {*range(0xE1, 0xEE), 0xEF, 0xFE}, 0xD9

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)
Image.preinit()
pi_heif.register_heif_opener()


class Unreadable(Exception):
    """The file cannot be taken; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Made:
    """Our own version: a JPEG, or a PDF with a JPEG of each of its pages; hints are advice.

    `thumbnail` is a small JPEG of the photo, or of the first page.
    """

    media_type: str
    content: bytes
    thumbnail: bytes
    pages: tuple[bytes, ...] = ()
    hints: tuple[str, ...] = ()


def reencode(sent: bytes) -> Made:
    """Our own version of what was sent. Raises Unreadable."""
    return _clean_pdf(sent) if sent.startswith(b"%PDF-") else _redraw(sent)


def _redraw(sent: bytes) -> Made:
    """The picture upright, at most LONGEST_SIDE pixels, with nothing but its pixels."""
    # WeasyPrint, once imported, makes Pillow take half a picture for a whole one.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(io.BytesIO(sent), formats=["JPEG", "PNG", "WEBP", "HEIF"]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Unreadable("too_many_pixels")
            drawn = _fitted(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unreadable("too_many_pixels") from None
    except (OSError, SyntaxError, ValueError, EOFError, KeyError):
        raise Unreadable("unreadable") from None
    return Made(JPEG, _jpeg(drawn), _thumbnail(drawn), hints=tuple(_hints(drawn)))


def _jpeg(drawn: Image.Image, quality: int = QUALITY) -> bytes:
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _thumbnail(drawn: Image.Image) -> bytes:
    small = drawn.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return _jpeg(small, THUMBNAIL_QUALITY)


def _fitted(image: Image.Image) -> Image.Image:
    scale = min(1, LONGEST_SIDE / max(image.size))
    # A JPEG is decoded near the size that is wanted: a fraction of time and memory.
    image.draft("RGB", (round(image.width * scale), round(image.height * scale)))
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BICUBIC, reducing_gap=2.0)
    return _on_white(ImageOps.exif_transpose(image))


def _on_white(image: Image.Image) -> Image.Image:
    """As a JPEG can hold it: eight bits a colour, paper where it was transparent, no metadata."""
    if image.mode.startswith("I;16"):
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        return paper
    drawn = image.convert("RGB")
    drawn.info.clear()
    return drawn


def _hints(drawn: Image.Image) -> Iterator[str]:
    """What may keep an officer from reading it; advice, never a refusal."""
    if max(drawn.size) < SMALL_SIDE:
        yield "small"
    grey = drawn.convert("L")
    grey.thumbnail(LOOKED_AT)
    if ImageStat.Stat(grey).mean[0] < DARK_MEAN:
        yield "dark"
    if edge_strength(grey) < SOFT_EDGES:
        yield "soft"


def edge_strength(grey: Image.Image) -> int:
    """How strong the strongest hundredth of the edges is: low when nothing is in focus."""
    if min(grey.size) < 3:
        return 0
    edges = ImageOps.crop(grey.filter(ImageFilter.FIND_EDGES), 1).histogram()
    left = sum(edges) // 100
    for strength in range(255, 0, -1):
        left -= edges[strength]
        if left < 0:
            return strength
    return 0


def _clean_pdf(sent: bytes) -> Made:
    """The pages as they look, without scripts, actions, forms, files and metadata; and drawn."""
    out = io.BytesIO()
    try:
        with pikepdf.open(io.BytesIO(sent)) as pdf:
            _check_pages(pdf)
            _flatten(pdf)
            _strip(pdf)
            pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        pages = tuple(_drawn_pages(out.getvalue()))
        thumbnail = _thumbnail(Image.open(io.BytesIO(pages[0])))
    except pikepdf.PasswordError:
        raise Unreadable("locked") from None
    except (pikepdf.PdfError, pypdfium2.PdfiumError, ValueError, TypeError, RecursionError):
        raise Unreadable("unreadable") from None
    return Made(PDF, out.getvalue(), thumbnail, pages)


def _drawn_pages(clean: bytes) -> Iterator[bytes]:
    """A JPEG of each page, which officers look at; a page without room is drawn as a dot."""
    with pypdfium2.PdfDocument(clean) as pdf:
        for page in pdf:
            scale = min(PAGE_SCALE, LONGEST_SIDE / max(*page.get_size(), 1))
            yield _jpeg(page.render(scale=scale).to_pil().convert("RGB"))
            page.close()


def _check_pages(pdf: pikepdf.Pdf) -> None:
    pages = len(pdf.pages)
    if not 0 < pages <= MAX_PAGES:
        raise Unreadable("too_many_pages" if pages else "unreadable")


def _flatten(pdf: pikepdf.Pdf) -> None:
    """Draws what was typed into a form onto the page; then the form is only a danger."""
    pdf.generate_appearance_streams()
    pdf.flatten_annotations("all")


def _strip(pdf: pikepdf.Pdf) -> None:
    """Leaves what is seen; what nothing names any more is not written."""
    pdf.remove_unreferenced_resources()
    _drop(pdf.trailer, {"/Info"})
    _drop(pdf.Root, set(pdf.Root.keys()) - CATALOGUE)
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            is_page = thing.get("/Type") in ("/Page", "/Pages")
            _drop(thing, set(thing.keys()) - PAGES if is_page else ACTIVE | CARRIED)
        if isinstance(thing, pikepdf.Stream):
            _strip_stream(pdf, thing)


def _drop(thing: pikepdf.Object, names: set[str]) -> None:
    for name in names & set(thing.keys()):
        del thing[name]


def _strip_stream(pdf: pikepdf.Pdf, stream: pikepdf.Stream) -> None:
    """Empties a file that hangs where nobody looks for one; a photo keeps only its dots."""
    if stream.get("/Type") == "/EmbeddedFile":
        stream.write(b"")
    *around, last = _listed(stream, "/Filter") or [None]
    *how_around, how = _listed(stream, "/DecodeParms") or [None]
    if last == pikepdf.Name.DCTDecode:
        inner = pikepdf.Stream(pdf, b"")
        inner.write(stream.read_raw_bytes(), filter=around, decode_parms=pikepdf.Array(how_around))
        stream.write(bare_jpeg(inner.read_bytes()), filter=last, decode_parms=how)


def _listed(stream: pikepdf.Stream, name: str) -> list[Any]:
    """What may stand alone or in an array, as a list."""
    value = stream.get(name, pikepdf.Array())
    return list(value) if isinstance(value, pikepdf.Array) else [value]


def bare_jpeg(jpeg: bytes) -> bytes:
    """The same picture without TELLING segments, and with nothing behind it."""
    kept, at = bytearray(), max(jpeg.find(b"\xff\xd8"), 0)
    while found := MARKER.search(jpeg, at):
        marker, end = found[1][0], found.end()
        if marker != END:
            end += int.from_bytes(jpeg[end : end + 2])
        kept += jpeg[at : found.start() if marker in TELLING else end]
        if marker == END:
            return bytes(kept)
        at = end
    return bytes(kept + jpeg[at:])


def limit() -> None:
    """Takes from this process, for ever, what reading one file does not need.

    Without a free descriptor no file can be opened and no socket made: a broken decoder has nobody
    to tell what it read. Whatever is imported or opened must have been before.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_MADE, LARGEST_MADE))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def main(arguments: list[str]) -> None:
    """Reads, writes and tells, within limits that this process sets itself and cannot lift."""
    sent, made = map(Path, arguments)
    content = sent.read_bytes()
    with made.open("wb") as out:
        limit()
        print(json.dumps(_answer(content, out)))


def _answer(content: bytes, out: IO[bytes]) -> dict[str, object]:
    """What was made, its parts written one after the other; or why nothing was."""
    try:
        made = reencode(content)
    except Unreadable as refusal:
        return {"refusal": refusal.code}
    except MemoryError:
        return {"refusal": "unreadable"}
    sizes = [out.write(part) for part in (made.content, made.thumbnail, *made.pages)]
    return {"media_type": made.media_type, "sizes": sizes, "hints": made.hints}


if __name__ == "__main__":
    main(sys.argv[1:])
