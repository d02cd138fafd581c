"""What becomes of a file: our own version of it, or a refusal."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024
JPEG, PDF = "image/jpeg", "application/pdf"


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
