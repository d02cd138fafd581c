"""A JPEG by its segments: without those that tell of the phone, and which way up it is.

Pillow reads every segment as it opens a photo, and phones write odd ones: what it never sees cannot
cost a photo.
"""

import re
from collections.abc import Iterator
from typing import Literal

START, END, SCAN = b"\xff\xd8", 0xD9, 0xDA
MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd8\xff])")
# With what, when and where it was taken, and comments. APP0 and APP14 tell its colours.
APP1 = 0xE1
TELLING = {*range(APP1, 0xEE), 0xEF, 0xFE}
ORIENTATION = 0x0112
EXIF_MARK = b"Exif\0\0"
WIDTHS = {1: 1, 3: 2, 4: 4}  # bytes of a number, by its type
# XML has either kind of quotes, or an element; Pillow looks for double ones alone.
XMP_ORIENTATION = re.compile(rb"tiff:Orientation\s*(?:=\s*[\"']|>)\s*([1-8])\b")


def segments(jpeg: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of each segment, to the end of the picture or of the bytes."""
    at = max(jpeg.find(START), 0)
    while found := MARKER.search(jpeg, at):
        marker, at = found[1][0], found.end()
        if marker != END:
            at += int.from_bytes(jpeg[at : at + 2])
        yield marker, found.start(), at
        if marker == END:
            return


def bare_jpeg(jpeg: bytes) -> bytes:
    """The same picture without TELLING segments, and with nothing before or behind it."""
    kept, at = bytearray(), max(jpeg.find(START), 0)
    for marker, start, end in segments(jpeg):
        kept += jpeg[at : start if marker in TELLING else end]
        at = end
        if marker == END:
            return bytes(kept)
    return bytes(kept + jpeg[at:])


def orientation_of(jpeg: bytes) -> int:
    """Which way up it was taken, 1 to 8, as its segments before the first scan say."""
    exif, xmp = b"", bytearray()  # one that grows in place: there may be a million segments
    for marker, start, end in segments(jpeg):
        told = jpeg[start + 4 : end]
        if marker == SCAN:
            break
        if marker == APP1 and told.startswith(EXIF_MARK):
            exif = exif or told
        elif marker == APP1:
            xmp += told
    return orientation(exif, xmp)


def orientation(exif: bytes, xmp: bytes | bytearray) -> int:
    """EXIF's word counts; only where it has none, XMP's."""
    found = XMP_ORIENTATION.search(xmp)
    return _exif_orientation(exif) or (int(found[1]) if found else 1)


def _exif_orientation(exif: bytes) -> int:
    """The word of its first directory alone, which nothing odd elsewhere can spoil; 0 for none."""
    tiff = exif.removeprefix(EXIF_MARK)
    order: Literal["little", "big"] = "little" if tiff.startswith(b"II") else "big"
    first = int.from_bytes(tiff[4:8], order)
    entries = int.from_bytes(tiff[first : first + 2], order)
    for at in range(first + 2, min(first + 2 + 12 * entries, len(tiff)), 12):
        tag, kind = (int.from_bytes(tiff[at + i : at + i + 2], order) for i in (0, 2))
        if tag == ORIENTATION:
            value = int.from_bytes(tiff[at + 8 : at + 8 + WIDTHS.get(kind, 0)], order)
            return value if value in range(1, 9) else 0
    return 0
