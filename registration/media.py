"""Tells what an uploaded file is by decoding it; its name and claimed type are never trusted."""

import unicodedata
import warnings
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

import pi_heif
import pikepdf
from django.core.files import File
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageFile

MAX_PIXELS = 50_000_000
MIN_SIDE = 300  # the longer side of a photo on which nothing could be read
MAX_PAGES = 20
MAX_NAME = 100
IMAGE_TYPES = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",  # what phones call a JPEG with a second picture inside
    "PNG": "image/png",
    "WEBP": "image/webp",
    "HEIF": "image/heic",
}
PDF = "application/pdf"
# What browsers draw themselves; the rest is offered as a download.
SHOWN_INLINE = {"image/jpeg", "image/png", "image/webp"}
EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    PDF: "pdf",
}
MESSAGES = {
    "empty": _("Fail ini kosong"),
    "too_large": _("Fail mesti lebih kecil daripada 10 MB"),
    "wrong_type": _("Fail mesti JPG, PNG, HEIC atau PDF"),
    "too_small": _("Gambar terlalu kecil untuk dibaca. Ambil semula dengan lebih dekat"),
    "too_many_pixels": _("Gambar terlalu besar. Ambil semula dengan kamera telefon anda"),
    "too_many_pages": _("Fail PDF mesti tidak lebih daripada 20 halaman"),
    "locked": _("Fail PDF ini dilindungi kata laluan"),
}

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)
pi_heif.register_heif_opener()


class Unacceptable(Exception):
    """The file cannot be taken; `code` is a key of MESSAGES."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(str(MESSAGES[code]))


@dataclass(frozen=True)
class AcceptedFile:
    """An uploaded file that was decoded, with what it is and a name fit to show."""

    content: "File[Any]"
    media_type: str
    name: str
    size: int


def accept(uploaded: "File[Any]", *, most: int) -> AcceptedFile:
    """Decodes an uploaded file of at most `most` bytes; raises Unacceptable."""
    content = cast(BinaryIO, uploaded)  # Django's File does what these libraries ask of one
    media_type = recognise(content, size=uploaded.size, most=most)
    return AcceptedFile(uploaded, media_type, clean_name(uploaded.name or ""), uploaded.size)


def recognise(file: BinaryIO, *, size: int, most: int) -> str:
    """The media type of a file of `size` bytes, at most `most`; raises Unacceptable."""
    if size == 0:
        raise Unacceptable("empty")
    if size > most:
        raise Unacceptable("too_large")
    file.seek(0)
    is_pdf = file.read(5) == b"%PDF-"
    file.seek(0)
    try:
        return _checked_pdf(file) if is_pdf else _checked_image(file)
    finally:
        file.seek(0)


def _checked_pdf(file: BinaryIO) -> str:
    try:
        with pikepdf.open(file) as pdf:
            pages = len(pdf.pages)
    except pikepdf.PasswordError:
        raise Unacceptable("locked") from None
    except pikepdf.PdfError:
        raise Unacceptable("wrong_type") from None
    if not pages:
        raise Unacceptable("wrong_type")
    if pages > MAX_PAGES:
        raise Unacceptable("too_many_pages")
    return PDF


def _checked_image(file: BinaryIO) -> str:
    """Decodes the whole picture: a header alone proves nothing."""
    # WeasyPrint, once imported, makes Pillow take half a picture for a whole one.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(file, formats=["JPEG", "PNG", "WEBP", "HEIF"]) as image:
            media_type = IMAGE_TYPES[image.format or ""]
            longer_side = max(image.size)
            # A JPEG is decoded at an eighth of its size: as strict, a fraction of the memory.
            image.draft("RGB", (image.width // 8, image.height // 8))
            image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unacceptable("too_many_pixels") from None
    except (OSError, SyntaxError, ValueError, EOFError, KeyError):
        raise Unacceptable("wrong_type") from None
    if longer_side < MIN_SIDE:
        raise Unacceptable("too_small")
    return media_type


def clean_name(name: str) -> str:
    """A file's name as text to show: no folders, no control or direction marks, 100 characters."""
    base = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(c for c in base if unicodedata.category(c)[0] != "C").strip()
    stem, dot, extension = shown.rpartition(".")
    if len(shown) > MAX_NAME and dot and len(extension) < 10:
        return stem[: MAX_NAME - len(extension) - 1] + dot + extension
    return shown[:MAX_NAME] or "fail"
