"""PDFs: the pages as they look, without scripts, actions, forms, files and metadata; and drawn."""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2
from PIL import Image

from registration.reader import annotations, photos
from registration.reader.jpeg import bare_jpeg
from registration.reader.made import PDF, Made, Unreadable

MAX_PAGES = 20
PAGE_SCALE = 150 / 72  # dots of a drawn page for each point of the PDF: small print can be read
ROOM = 2 * photos.MOST_DRAWN  # for all pages that are long, which so many seconds draw

# What seeing a PDF needs of its catalogue, where layers say what is not to be seen, and of pages.
CATALOGUE = {"/Type", "/Pages", "/OCProperties"}
BOXES = {"/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate", "/UserUnit"}
PAGES = BOXES | {"/Type", "/Parent", "/Kids", "/Count", "/Contents", "/Resources", "/Group"}
# What anything in it can do, carry or tell besides.
ACTIVE = {"/AA", "/OpenAction", "/JS", "/JavaScript", "/Launch", "/A"}
CARRIED = {"/AF", "/EF", "/Metadata", "/PieceInfo"}
UNREADABLE = (pikepdf.PdfError, pypdfium2.PdfiumError, ValueError, TypeError, RecursionError)


def _find_randomness() -> None:
    """qpdf opens /dev/urandom where it first needs it, for AES-256, and keeps it: see `limit`."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(io.BytesIO(), encryption=pikepdf.Encryption(owner="x", user=""))


_find_randomness()


def reencode(sent: bytes) -> Made:
    """Our own version of a PDF, with a picture of each page. Raises Unreadable."""
    try:
        content, hints = _cleaned(sent)
        pages = tuple(_drawn_pages(content))
        thumbnail = photos.thumbnail_of(Image.open(io.BytesIO(pages[0])))
    except pikepdf.PasswordError:
        raise Unreadable("locked") from None
    except UNREADABLE as error:
        is_locked = "encryption" in str(error)  # by a certificate, or by a shop's own means
        raise Unreadable("locked" if is_locked else "unreadable") from None
    return Made(PDF, content, thumbnail, pages, hints)


def _cleaned(sent: bytes) -> tuple[bytes, tuple[str, ...]]:
    """What is seen, and hints; what is drawn by readers only is part of the pages first."""
    with pikepdf.open(io.BytesIO(sent)) as pdf:
        _check(pdf)
        hints = tuple(annotations.hints(pdf))
        if not annotations.dress(pdf):
            return _stripped(pdf), hints
        dressed = _saved(pdf)
    with pikepdf.open(io.BytesIO(annotations.flattened(dressed))) as pdf:
        return _stripped(pdf), hints


def _saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _check(pdf: pikepdf.Pdf) -> None:
    """Refuses what has no pages that can be shown; raises Unreadable."""
    if "/Collection" in pdf.Root:
        raise Unreadable("portfolio")
    if annotations.is_dynamic_form(pdf):
        raise Unreadable("dynamic_form")
    pages = len(pdf.pages)
    if not 0 < pages <= MAX_PAGES:
        raise Unreadable("too_many_pages" if pages else "unreadable")


def _drawn_pages(clean: bytes) -> Iterator[bytes]:
    """A JPEG of each page, which officers look at; a page without room is drawn as a dot."""
    with pypdfium2.PdfDocument(clean) as pdf:
        room = max(ROOM / len(pdf), photos.LONGEST_SIDE**2)
        for page in pdf:
            width, height = page.get_size()
            scale = photos.scale_of(width, height, PAGE_SCALE, min(room, photos.MOST_DRAWN))
            yield photos.as_jpeg(page.render(scale=scale).to_pil().convert("RGB"))
            page.close()


def _stripped(pdf: pikepdf.Pdf) -> bytes:
    """What is seen; what nothing names any more is not written."""
    pdf.remove_unreferenced_resources()
    _drop(pdf.trailer, {"/Info"})
    _drop(pdf.Root, set(pdf.Root.keys()) - CATALOGUE)
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            is_page = thing.get("/Type") in ("/Page", "/Pages")
            _drop(thing, set(thing.keys()) - PAGES if is_page else ACTIVE | CARRIED)
        if isinstance(thing, pikepdf.Stream):
            _strip_stream(pdf, thing)
    return _saved(pdf)


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
