"""Which part of the reader reads a file, told by its first bytes."""

from importlib import import_module
from typing import Protocol, cast

from registration.reader.made import Made

PDF_MARK = b"%PDF-"
# Other readers look for the mark there: behind a byte order mark, an empty line, a mail's head.
PDF_HEAD = 1024


class Reader(Protocol):
    """A module of this package."""

    def reencode(self, sent: bytes) -> Made:
        """Our own version of what was sent. Raises Unreadable."""
        ...


def reader_of(sent: bytes) -> Reader:
    """Imports what a file of its kind needs and nothing else: it is half of a photo's time."""
    return cast(Reader, import_module(f"registration.reader.{module_for(sent[:PDF_HEAD])}"))


def module_for(head: bytes) -> str:
    """The part that reads a file which begins so."""
    if head[4:8] == b"ftyp":
        return "heic"
    is_picture = head.startswith((b"\xff\xd8\xff", b"\x89PNG", b"RIFF"))
    return "papers" if PDF_MARK in head and not is_picture else "photos"


def reencode(sent: bytes) -> Made:
    """Our own version of what was sent. Raises Unreadable."""
    return reader_of(sent).reencode(sent)
