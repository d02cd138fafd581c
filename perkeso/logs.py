"""Keeps personal data out of the logs, whatever a message holds."""

import logging
import re
from typing import Any

# IC numbers, Malaysian phones and e-mail addresses, in the shapes that they take in messages.
_PERSONAL = re.compile(
    r"\b\d{6}-?\d{2}-?\d{4}\b|\+?60\d{8,10}\b|\b01\d{8,9}\b|[\w.+-]+@[\w-]+\.[\w.]+", re.ASCII
)


class MaskingFormatter(logging.Formatter):
    """Formats a record on one line of time, level, logger and message, personal data masked."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        return _PERSONAL.sub("***", super().format(record))


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
            # They tell each step of each receipt.
            "weasyprint": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
            "pikepdf": {"level": "WARNING"},
            "pyhanko": {"level": "WARNING"},
        },
    }
