"""No cell of a CSV is taken for a formula."""

import csv
import io

import pytest

from foundation.csv_file import safe_cell, write_table


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Aminah", "Aminah"),
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+60123456789", "'+60123456789"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\n=1", "'\n=1"),
        ("\uff1d1", "'\uff1d1"),
        ("\uff0b1", "'\uff0b1"),
        ("\uff0d1", "'\uff0d1"),
        ("\uff20SUM(A1)", "'\uff20SUM(A1)"),
        ("A=1", "A=1"),
        ("2611221000000001", "2611 2210 0000 0001"),
        ("261122000E10", "2611 2200 0E10"),
        ("26E10", "26E1 0"),
        ("261122K7F3A00001", "261122K7F3A00001"),
        ("12345678901", "12345678901"),
        (None, ""),
        (12, "12"),
    ],
)
def test_a_formula_is_only_text(value, written):
    assert safe_cell(value) == written


def test_a_table_is_read_back_as_it_was():
    file = io.StringIO()
    assert write_table(file, ["Nama", "Bandar"], [["Renée, A/P", 'Kota "Baru"']]) == 1
    assert file.getvalue()[0] == "\ufeff"
    rows = list(csv.reader(io.StringIO(file.getvalue()[1:])))
    assert rows == [["Nama", "Bandar"], ["Renée, A/P", 'Kota "Baru"']]
