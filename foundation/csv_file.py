"""Tables as CSV files that a spreadsheet may open: no cell is taken for a formula."""

import csv
import re
from collections.abc import Iterable
from typing import Any, TextIO

# What spreadsheets begin a formula with, in East Asian width too; a tab or a line's end before it.
_FORMULA = (*"=+-@", *"\uff1d\uff0b\uff0d\uff20", "\t", "\r", "\n")
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # else a spreadsheet reads é as two letters


# Of a number a spreadsheet keeps 15 digits, and calls 26E10 a power of ten.
_MISTAKEN = re.compile(r"[0-9]{12,}|[0-9]+[eE][0-9]+")


def safe_cell(value: Any) -> str:
    """The value as text; an apostrophe goes before what a spreadsheet would run (OWASP).

    A long number is written in groups of four, as on a bank card: so it is a text to spreadsheets.
    """
    text = "" if value is None else str(value)
    if isinstance(value, str) and _MISTAKEN.fullmatch(text):
        return " ".join(re.findall(".{1,4}", text))
    return f"'{text}" if text.startswith(_FORMULA) else text


def write_table(file: TextIO, head: Iterable[Any], rows: Iterable[Iterable[Any]]) -> int:
    """Writes head and rows as they come, one at a time; returns how many rows."""
    file.write(BYTE_ORDER_MARK)
    writer = csv.writer(file)
    writer.writerow(safe_cell(title) for title in head)
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007 (the last number is the answer)
        writer.writerow(safe_cell(value) for value in row)
    return count
