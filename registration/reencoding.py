"""Makes a clean JPEG or PDF of an uploaded file. A program of its own, without Django.

`python -I reencoding.py SENT MADE` reads the file SENT, writes MADE, and prints what it made as
JSON: a media type and hints, or the code of a refusal. Whatever a hostile file does to a decoder
happens in this process, which has little memory, little time and no secrets.
"""

import json
import resource
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pi_heif
import pikepdf
from PIL import Image, ImageFile, ImageFilter, ImageOps, ImageStat

MEGABYTE = 1024 * 1024
MEMORY = 1024 * MEGABYTE  # of addresses: 50 million pixels take half of it
CPU_SECONDS = 20
LARGEST_MADE = 40 * MEGABYTE
MAX_PIXELS = 50_000_000
MAX_PAGES = 20
LONGEST_SIDE = 2000
QUALITY = 82
JPEG, PDF = "image/jpeg", "application/pdf"

# Below these an officer may not be able to read a card. Its print has an edge strength of 255 in
# focus, and of 30 when it is blurred by five pixels of 2,000.
SMALL_SIDE = 800
DARK_MEAN = 60
SOFT_EDGES = 40
LOOKED_AT = (800, 800)

# What a PDF can do, carry or tell beyond its pages.
ACTIVE = ("/AA", "/OpenAction", "/JS", "/JavaScript", "/Launch", "/A", "/AF", "/PieceInfo")
CATALOGUE = ("/AcroForm", "/Names", "/Outlines", "/Collection", "/Metadata", "/Dests", "/Threads")

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)
pi_heif.register_heif_opener()


class Unreadable(Exception):
    """The file cannot be taken; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def reencode(sent: Path, made: Path) -> dict[str, object]:
    """Writes our own version of `sent` to `made`; returns its media type and hints.

    Raises Unreadable.
    """
    with sent.open("rb") as file:
        is_pdf = file.read(5) == b"%PDF-"
    return _clean_pdf(sent, made) if is_pdf else _redraw(sent, made)


def _redraw(sent: Path, made: Path) -> dict[str, object]:
    """The picture upright, at most LONGEST_SIDE pixels, with nothing but its pixels."""
    # WeasyPrint, once imported, makes Pillow take half a picture for a whole one.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(sent, formats=["JPEG", "PNG", "WEBP", "HEIF"]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Unreadable("too_many_pixels")
            drawn = _fitted(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unreadable("too_many_pixels") from None
    except (OSError, SyntaxError, ValueError, EOFError, KeyError):
        raise Unreadable("unreadable") from None
    drawn.save(made, "JPEG", quality=QUALITY, optimize=True)
    return {"media_type": JPEG, "hints": list(_hints(drawn))}


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


def _clean_pdf(sent: Path, made: Path) -> dict[str, object]:
    """The pages as they look, without scripts, actions, forms, files and metadata."""
    try:
        with pikepdf.open(sent) as pdf:
            _check_pages(pdf)
            _flatten(pdf)
            _strip(pdf)
            pdf.save(made, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    except pikepdf.PasswordError:
        raise Unreadable("locked") from None
    except (pikepdf.PdfError, ValueError, TypeError, RecursionError):
        raise Unreadable("unreadable") from None
    return {"media_type": PDF, "hints": []}


def _check_pages(pdf: pikepdf.Pdf) -> None:
    pages = len(pdf.pages)
    if pages > MAX_PAGES:
        raise Unreadable("too_many_pages")
    if not pages:
        raise Unreadable("unreadable")


def _flatten(pdf: pikepdf.Pdf) -> None:
    """Draws what was typed into a form onto the page; then the form is only a danger."""
    pdf.generate_appearance_streams()
    pdf.flatten_annotations("all")
    for page in pdf.pages:
        if "/Annots" in page:
            del page["/Annots"]


def _strip(pdf: pikepdf.Pdf) -> None:
    for name in CATALOGUE:
        if name in pdf.Root:
            del pdf.Root[name]
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            for name in (*ACTIVE, "/Metadata"):
                if name in thing:
                    del thing[name]


def main(arguments: list[str]) -> None:
    """Reads, writes and tells, within limits that this process sets itself and cannot lift."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_MADE, LARGEST_MADE))
    sent, made = map(Path, arguments)
    try:
        told = reencode(sent, made)
    except Unreadable as refusal:
        told = {"refusal": refusal.code}
    except MemoryError:
        told = {"refusal": "unreadable"}
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1:])
