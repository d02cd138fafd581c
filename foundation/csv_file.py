"""Tables as CSV files that a spreadsheet may open: no cell is taken for a formula."""

import csv
from collections.abc import Iterable
from typing import Any, TextIO

# What spreadsheets begin a formula with, in East Asian width too; a tab or a line's end before it.
_FORMULA = (*"=+-@", *"\uff1d\uff0b\uff0d\uff20", "\t", "\r", "\n")
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # else a spreadsheet reads é as two letters


def safe_cell(value: Any) -> str:
    """The value as text; an apostrophe goes before what a spreadsheet would run (OWASP)."""
    text = "" if value is None else str(value)
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
