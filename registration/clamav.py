"""ClamAV's daemon: asked by its INSTREAM command, over TCP or a unix socket."""

import socket
import struct
from typing import IO
from urllib.parse import urlsplit

from django.conf import settings

TIMEOUT_SECONDS = 30
_CHUNK = 64 * 1024
_LONGEST_ANSWER = 4096


class ScannerSilent(Exception):
    """The daemon is away, refuses the file or answers nonsense: nothing is known of the file."""


def is_on() -> bool:
    return bool(settings.CLAMAV_URL)


def find_virus(content: IO[bytes]) -> str:
    """The name of the virus in `content`, empty when there is none; raises ScannerSilent."""
    try:
        with _connected() as line:
            line.sendall(b"zINSTREAM\0")
            while chunk := content.read(_CHUNK):
                line.sendall(struct.pack(">I", len(chunk)) + chunk)
            line.sendall(struct.pack(">I", 0))
            answer = _answer(line)
    except OSError as error:
        raise ScannerSilent from error
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return ""
    if said.endswith(" FOUND"):
        return said.removesuffix(" FOUND")
    raise ScannerSilent(said)


def _connected() -> socket.socket:
    place = urlsplit(settings.CLAMAV_URL)
    if place.scheme == "unix":
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(TIMEOUT_SECONDS)
        try:
            line.connect(place.path)
        except OSError:
            line.close()
            raise
        return line
    address = (place.hostname or "", place.port or 3310)
    return socket.create_connection(address, timeout=TIMEOUT_SECONDS)


def _answer(line: socket.socket) -> str:
    """What it says up to the closing NUL."""
    said = b""
    while not said.endswith(b"\0") and len(said) < _LONGEST_ANSWER:
        part = line.recv(_LONGEST_ANSWER)
        if not part:
            break
        said += part
    return said.rstrip(b"\0").decode("utf-8", "replace").strip()
