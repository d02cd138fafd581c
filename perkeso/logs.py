"""Keeps personal data out of the logs, whatever a message holds."""

import logging
import re

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
