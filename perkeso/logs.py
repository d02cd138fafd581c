"""Keeps personal data out of the logs, whatever a message holds."""

import logging
import re
import time
from typing import Any

from foundation import origin

# IC numbers, Malaysian phones and e-mail addresses, in the shapes that they take in messages. An
# address is looked for from the beginning of a run of letters only, and what was read is never
# given back: tried from each letter, one long Host header costs a second.
_PERSONAL = re.compile(
    r"\b\d{6}-?\d{2}-?\d{4}\b|\+?60\d{8,10}\b|\b01\d{8,9}\b"
    r"|(?<![\w.+-])[\w.+-]++@[\w-]++\.[\w.]++",
    re.ASCII,
)
LONGEST_LINE = 2000

# Tokens of mailed links and of gateways' reports, keys, cookies: any long run of the letters that
# they are made of, wherever a line has it from. Digests in hex, which tell nothing, stay.
_SECRET = re.compile(r"(?<![\w-])(?![0-9a-f]{40,}+(?![\w-]))[\w-]{40,}+", re.ASCII)


class MaskingFormatter(logging.Formatter):
    """UTC, level, logger, request and message; secrets masked, long lines cut.

    The request's number is the audit trail's, too; "-" where none is answered.
    """

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        record.request_id = origin.current.get().request_id or "-"
        masked = _SECRET.sub("***", _PERSONAL.sub("***", super().format(record)))
        lines = masked.split("\n")
        return "\n".join(_cut(line) for line in lines)


def _cut(line: str) -> str:
    """A line of a length that people read; it is cut after masking, so that no half stays."""
    more = len(line) - LONGEST_LINE
    return f"{line[:LONGEST_LINE]}… ({more} more)" if more > 0 else line


def logging_settings(level: str) -> dict[str, Any]:
    """Everything goes to the console, masked."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"masked": {"()": "perkeso.logs.MaskingFormatter"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "masked"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
            # It tells each request that waits for a thread.
            "waitress.queue": {"level": "ERROR"},
            # They tell each step of each receipt.
            "weasyprint": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
            "pikepdf": {"level": "WARNING"},
            "pyhanko": {"level": "WARNING"},
        },
    }
