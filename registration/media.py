"""Uploaded files: told by their first bytes, then read in a process of their own.

Nothing here decodes: the web process only looks at size and first bytes, so that most wrong files
are refused at once; the worker has `reader/` make our own version, which alone is shown.
"""

import json
import subprocess
import sys
import tempfile
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from django.core.files import File
from django.utils.translation import gettext_lazy as _

MAX_NAME = 100
READING_SECONDS = 20
JPEG, PDF = "image/jpeg", "application/pdf"
MESSAGES = {
    "empty": _("Fail ini kosong"),
    "too_large": _("Fail mesti lebih kecil daripada 10 MB"),
    "wrong_type": _("Fail mesti JPG, PNG, HEIC atau PDF"),
    "office": _(
        "Fail Word atau fail termampat tidak diterima. "
        "Ambil gambar dokumen, atau simpan sebagai PDF"
    ),
    "video": _("Ini video. Ambil gambar dokumen"),
    "other_picture": _("Gambar mesti JPG, PNG atau HEIC. Ambil gambar dokumen dengan kamera anda"),
    "too_many_pixels": _("Gambar terlalu besar. Ambil semula dengan kamera telefon anda"),
    "too_many_pages": _("Fail PDF mesti tidak lebih daripada 20 halaman"),
    "locked": _(
        "Fail PDF ini dilindungi kata laluan. Simpan semula tanpa kata laluan, atau ambil gambar "
        "dokumen"
    ),
    "portfolio": _(
        "PDF ini hanya pembungkus: dokumen anda berada di dalamnya sebagai lampiran. Buka PDF ini, "
        "simpan dokumen itu, dan hantar dokumen itu"
    ),
    "dynamic_form": _(
        "Borang PDF ini hanya dapat dilihat dengan Adobe Reader. Buka borang itu dan cetak sebagai "
        "PDF baharu, atau ambil gambar dokumen"
    ),
    "unreadable": _("Fail ini rosak dan tidak dapat dibaca. Ambil gambar dokumen sekali lagi"),
    "infected": _("Fail ini mengandungi virus"),
}
HINTS = {
    "small": _("Gambar ini kecil. Tulisannya mungkin tidak dapat dibaca."),
    "dark": _("Gambar ini gelap. Tulisannya mungkin tidak dapat dibaca."),
    "soft": _("Gambar ini kabur. Tulisannya mungkin tidak dapat dibaca."),
    "notes": _("Sebahagian nota pada PDF ini tidak akan dilihat oleh pegawai."),
}

# Whether a photo can be read, its driver is asked; the rest is told.
OF_A_PHOTO = frozenset({"small", "dark", "soft"})

READER = Path(__file__).with_name("reader")
HEAD = 1024  # in it other readers of PDFs look for its mark
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
_TAKEN = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_PDF = b"%PDF-"
_REFUSED = {
    b"PK\x03\x04": "office",
    b"\xd0\xcf\x11\xe0": "office",
    b"GIF8": "other_picture",
    b"BM": "other_picture",
    b"II*\x00": "other_picture",
    b"MM\x00*": "other_picture",
}


class Unacceptable(Exception):
    """The file cannot be taken; `code` is a key of MESSAGES."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(str(MESSAGES[code]))


@dataclass(frozen=True)
class AcceptedFile:
    """An uploaded file that may be read, with a name fit to show."""

    content: "File[Any]"
    name: str
    size: int


@dataclass(frozen=True)
class Reading:
    """Our own version of a file: its bytes, its media type, and hints, keys of HINTS.

    `thumbnail` is a small JPEG of the photo or of the first page; `pages` are the drawn pages of a
    PDF, as JPEG.
    """

    content: bytes
    media_type: str
    thumbnail: bytes
    hints: tuple[str, ...] = ()
    pages: tuple[bytes, ...] = ()

    @property
    def parts(self) -> tuple[bytes, ...]:
        """All that there is to store, in the order in which `SupportingDocument` names it."""
        return (self.content, self.thumbnail, *self.pages)


def accept(uploaded: "File[Any]", *, most: int) -> AcceptedFile:
    """Looks at size and first bytes of a file of at most `most` bytes; raises Unacceptable."""
    if uploaded.size == 0:
        raise Unacceptable("empty")
    if uploaded.size > most:
        raise Unacceptable("too_large")
    uploaded.seek(0)
    refusal = refusal_of(cast(bytes, uploaded.read(HEAD)))
    uploaded.seek(0)
    if refusal:
        raise Unacceptable(refusal)
    return AcceptedFile(uploaded, clean_name(uploaded.name or ""), uploaded.size)


def refusal_of(head: bytes) -> str:
    """Why a file that begins so is none of ours, as a key of MESSAGES; empty when it may be."""
    if head.startswith(_TAKEN) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return ""
    if head[4:8] == b"ftyp":
        if head[8:12] in _HEIF_BRANDS:
            return ""
        return "other_picture" if head[8:12] in {b"avif", b"avis"} else "video"
    if b"<svg" in head.lower():
        return "other_picture"
    refusals = (code for mark, code in _REFUSED.items() if head.startswith(mark))
    return next(refusals, "" if _PDF in head else "wrong_type")


def read(original: IO[bytes]) -> Reading:
    """Our own version of a file, made by a process with little memory and time and no way out.

    Raises Unacceptable; whatever crashes that process or takes too long is unreadable.
    """
    with tempfile.TemporaryDirectory(prefix="baca-") as folder:
        sent, made = Path(folder, "sent"), Path(folder, "made")
        sent.write_bytes(original.read())
        told = _run([sys.executable, "-I", str(READER), str(sent), str(made)], folder)
        if "refusal" in told:
            raise Unacceptable(told["refusal"])
        with made.open("rb") as parts:
            content, thumbnail, *pages = [parts.read(size) for size in told["sizes"]]
        hints = tuple(told["hints"])
        return Reading(content, told["media_type"], thumbnail, hints, tuple(pages))


def _run(command: list[str], folder: str) -> dict[str, Any]:
    try:
        done = subprocess.run(  # noqa: S603 (our own program, no word of it from outside)
            command,
            cwd=folder,
            env={},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=READING_SECONDS,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return {"refusal": "unreadable"}
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def clean_name(name: str) -> str:
    """A file's name as text to show: no folders, no control or direction marks, 100 characters."""
    base = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(c for c in base if unicodedata.category(c)[0] != "C").strip()
    stem, dot, extension = shown.rpartition(".")
    if len(shown) > MAX_NAME and dot and len(extension) < 10:
        return stem[: MAX_NAME - len(extension) - 1] + dot + extension
    return shown[:MAX_NAME] or "fail"
