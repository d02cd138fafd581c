"""Photos: drawn anew as a plain JPEG, upright, with nothing but their dots."""

import io
import warnings
from collections.abc import Iterator
from math import sqrt

from PIL import (
    Image,
    ImageFile,
    ImageFilter,
    ImageOps,
    ImageStat,
    WebPImagePlugin,
)

from registration.reader.jpeg import START, bare_jpeg, orientation, orientation_of
from registration.reader.made import JPEG, Made, Unreadable

MAX_PIXELS = 50_400_000  # a phone's "50 MP" are 8,192 x 6,144
LONGEST_SIDE = 2000
# A screenshot that was scrolled, or a page without end, is read by its width: the longest side
# alone would make its words too small.
READABLE_SIDE = 1000
LONGEST_DRAWN = 30_000  # every browser draws a picture as long as that
MOST_DRAWN = 24_000_000  # pixels
QUALITY = 82
THUMBNAIL_SIDE = 240
THUMBNAIL_QUALITY = 60  # 2 to 8 KB: two of them on a page are a second of a slow line

# Below these an officer may not be able to read a card. Its print has an edge strength of 110 in
# focus, of 44 when it is blurred by four pixels of 2,000 and can be read, and of 40 when by five.
SMALL_SIDE = 800
DARK_MEAN = 60
SOFT_EDGES = 42
LOOKED_AT = (800, 800)

TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
END_MARK = b"\xff\xd9"
OTHER_END = b"\x5a" * 64 + END_MARK
FAILURES = (OSError, SyntaxError, ValueError, EOFError, KeyError)

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)
# Pillow would import these when it meets them: too late, see `limit`.
Image.preinit()
EARLY = (WebPImagePlugin,)


def reencode(sent: bytes) -> Made:
    """Our own version of a JPEG, PNG or WebP. Raises Unreadable."""
    # WeasyPrint, once imported, makes Pillow take half a picture for a whole one.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        drawn = _of_jpeg(sent) if sent.startswith(START) else _drawn(sent)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unreadable("too_many_pixels") from None
    except FAILURES:
        raise Unreadable("unreadable") from None
    return finished(drawn)


def _of_jpeg(sent: bytes) -> Image.Image:
    """The picture; one that lacks no more than its end mark is whole.

    Of half a picture the rest would look otherwise with other bytes where it breaks off; of a whole
    one nothing changes.
    """
    bare, turn = bare_jpeg(sent), orientation_of(sent)
    try:
        return _turned(_drawn(bare), turn)
    except FAILURES:
        drawn, other = (_drawn(bare + end) for end in (END_MARK, OTHER_END))
        if drawn.tobytes() != other.tobytes():
            raise
        return _turned(drawn, turn)


def _drawn(content: bytes) -> Image.Image:
    """The picture in the size that is kept; what is no JPEG is turned upright."""
    with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as image:
        check_pixels(*image.size)
        size = fitted(*image.size)
        # A JPEG is decoded near the size that is wanted: a fraction of time and memory.
        image.draft("RGB", size)
        image.load()
        info = image.info
        drawn = on_white(_smooth(image).resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0))
    xmp = info.get("xmp") or str(info.get("XML:com.adobe.xmp", "")).encode()
    return _turned(drawn, orientation(info.get("exif", b""), xmp))


def check_pixels(width: int, height: int) -> None:
    """Raises Unreadable when there are too many to decode."""
    if width * height > MAX_PIXELS:
        raise Unreadable("too_many_pixels")


def scale_of(width: float, height: float, most: float = 1, room: float = MOST_DRAWN) -> float:
    """How much smaller a picture can be drawn and still be read: at most `most`, within `room`."""
    longest, shortest = max(width, height, 1), max(min(width, height), 1)
    return min(
        most,
        max(LONGEST_SIDE / longest, READABLE_SIDE / shortest),
        LONGEST_DRAWN / longest,
        sqrt(room / (longest * shortest)),
    )


def fitted(width: int, height: int) -> tuple[int, int]:
    """The size that is kept of so many dots."""
    scale = scale_of(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _smooth(image: Image.Image) -> Image.Image:
    """In colours that can be mixed: of black and white or a palette Pillow only drops dots."""
    if image.mode == "1":
        return image.convert("L")
    if image.mode == "P":
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image


def on_white(image: Image.Image) -> Image.Image:
    """As a JPEG can hold it: eight bits a colour, paper where it was transparent."""
    if image.mode.startswith("I;16"):
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        return paper
    return image.convert("RGB")


def _turned(image: Image.Image, turn: int) -> Image.Image:
    return image.transpose(TURNS[turn]) if turn in TURNS else image


def finished(drawn: Image.Image) -> Made:
    """What is kept of a picture that is upright, on paper and of the right size."""
    drawn.info.clear()
    return Made(JPEG, as_jpeg(drawn), thumbnail_of(drawn), hints=tuple(_hints(drawn)))


def as_jpeg(drawn: Image.Image, quality: int = QUALITY, *, is_small: bool = False) -> bytes:
    """The picture's bytes; the fewest where it is small. Of a photo that saves 2 % for 30 ms."""
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=quality, optimize=is_small)
    return out.getvalue()


def thumbnail_of(drawn: Image.Image) -> bytes:
    """A small picture of it; of a long one its beginning."""
    width, height = drawn.size
    small = drawn.crop((0, 0, min(width, 3 * height), min(height, 3 * width)))
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return as_jpeg(small, THUMBNAIL_QUALITY, is_small=True)


def _hints(drawn: Image.Image) -> Iterator[str]:
    """What may keep an officer from reading it; advice, never a refusal."""
    if max(drawn.size) < SMALL_SIDE:
        yield "small"
    grey = drawn.convert("L")
    grey.thumbnail(LOOKED_AT)
    if ImageStat.Stat(grey).mean[0] < DARK_MEAN:
        yield "dark"
    # Grain has edges of its own, however blurred the print; and a dark photo need not be blurred.
    even = ImageOps.autocontrast(grey).filter(ImageFilter.GaussianBlur(1))
    if edge_strength(even) < SOFT_EDGES:
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
