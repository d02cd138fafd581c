"""`python -I reader SENT MADE` reads the file SENT and writes what it made into MADE.

The parts are written one after the other; printed as JSON are a media type, the sizes of the parts
and hints, or the code of a refusal.
"""

import json
import resource
import sys
from pathlib import Path
from typing import IO

if __name__ == "__main__":
    # An isolated program finds only what lies beside it, not the package that it is.
    sys.path[0] = str(Path(__file__).parents[2])

from registration.reader.made import MEGABYTE, Unreadable
from registration.reader.reading import Reader, reader_of

MEMORY = 1024 * MEGABYTE  # of addresses: 50 million pixels take half of it
CPU_SECONDS = 20
LARGEST_MADE = 40 * MEGABYTE


def limit() -> None:
    """Takes from this process, for ever, what reading one file does not need.

    Without a free descriptor no file can be opened and no socket made: a broken decoder has nobody
    to tell what it read. Whatever is imported or opened must have been before.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_MADE, LARGEST_MADE))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def main(arguments: list[str]) -> None:
    """Reads, writes and tells, within limits that this process sets itself and cannot lift."""
    sent, made = map(Path, arguments)
    content = sent.read_bytes()
    reader = reader_of(content)
    with made.open("wb") as out:
        limit()
        print(json.dumps(_answer(reader, content, out)))


def _answer(reader: Reader, content: bytes, out: IO[bytes]) -> dict[str, object]:
    """What was made, its parts written one after the other; or why nothing was."""
    try:
        made = reader.reencode(content)
    except Unreadable as refusal:
        return {"refusal": refusal.code}
    except MemoryError:
        return {"refusal": "unreadable"}
    sizes = [out.write(part) for part in (made.content, made.thumbnail, *made.pages)]
    return {"media_type": made.media_type, "sizes": sizes, "hints": made.hints}


if __name__ == "__main__":
    main(sys.argv[1:])
