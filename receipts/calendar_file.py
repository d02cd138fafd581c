"""The end of cover as a calendar file (RFC 5545), which a phone keeps and reminds of."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

_LINE_OCTETS = 73  # 75 with the line's end, as the standard wants
_REMINDED_BEFORE = (timedelta(days=7), timedelta(days=1))


def end_of_cover(
    *, uid: str, issued_at: datetime, ends_at: datetime, title: str, description: str, url: str
) -> bytes:
    """One event at the moment at which cover ends.

    With the same `uid` a later receipt's file moves the event that the phone has: its `issued_at`
    is the newer version.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Caruman Pekerjaan Sendiri//Resit//MS",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"SEQUENCE:{int(issued_at.timestamp())}",
        f"DTSTAMP:{_utc(issued_at)}",
        f"DTSTART:{_utc(ends_at)}",
        f"SUMMARY:{_escaped(title)}",
        f"DESCRIPTION:{_escaped(description)}",
        f"URL:{url}",
        "TRANSP:TRANSPARENT",
        *(line for before in _REMINDED_BEFORE for line in _alarm(before, title)),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{piece}\r\n" for piece in _folded(lines)).encode()


def _alarm(before: timedelta, title: str) -> Iterator[str]:
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{_escaped(title)}"
    yield f"TRIGGER:-P{before.days}D"
    yield "END:VALARM"


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _folded(lines: Iterable[str]) -> Iterator[str]:
    """A line that is too long goes on in the next, after a space; no letter is torn apart."""
    for line in lines:
        piece = ""
        for letter in line:
            if len((piece + letter).encode()) > _LINE_OCTETS:
                yield piece
                piece = " "
            piece += letter
        yield piece
