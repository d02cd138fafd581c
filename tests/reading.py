"""A page read as its reader reads it."""

import re


def in_one_line(text):
    """Its words as a browser shows them: white space is one space, unbroken spaces stay."""
    return re.sub(r"[ \t\r\n]+", " ", text)
