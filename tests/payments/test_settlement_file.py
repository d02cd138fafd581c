"""The settlement file's format: read whole or not at all."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from foundation.wording import MALAYSIA
from payments.settlement_file import MOST_BYTES, NotASettlementFile, read_settlement_file

HEADER = "H,SE00009999,20261122,MYR"
LINE = "D,261122K7F3ABCD01PQ,2611221005300123,20261122100530,13.10"


def text(*records):
    return "\r\n".join(records).encode() + b"\r\n"


WHOLE = text(HEADER, LINE, LINE.replace("0123", "0124").replace("13.10", "592.80"), "T,2,605.90")


def test_a_whole_file_is_read():
    statement = read_settlement_file(WHOLE)
    assert (statement.seller_id, statement.day) == ("SE00009999", date(2026, 11, 22))
    assert statement.amount == Decimal("605.90")
    first = statement.lines[0]
    assert (first.number, first.order_number) == (2, "261122K7F3ABCD01PQ")
    assert first.transaction_id == "2611221005300123"
    assert first.transaction_at == datetime(2026, 11, 22, 10, 5, 30, tzinfo=MALAYSIA)
    assert first.amount == Decimal("13.10")


def test_a_day_without_transactions_is_a_file():
    assert read_settlement_file(text(HEADER, "T,0,0.00")).lines == ()


def test_line_ends_of_either_kind_are_read():
    assert read_settlement_file(WHOLE.replace(b"\r\n", b"\n")) == read_settlement_file(WHOLE)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "tidak lengkap"),
        (text(HEADER), "tidak lengkap"),
        (b"\xff\xfe", "bukan CSV"),
        ("é".encode("latin-1"), "bukan CSV"),
        (b"PK\x03\x04" * 100, "tidak lengkap"),
        (b"x" * (MOST_BYTES + 1), "terlalu besar"),
        (b'H,"SE\r\nT,0,0.00', "bukan CSV"),
        (b"{}\n[]", "Baris 1"),
        (text("D,SE00009999,20261122,MYR", "T,0,0.00"), "Baris 1"),
        (text("H,SE00009999,20261122,SGD", "T,0,0.00"), "Baris 1"),
        (text("H,SE00009999,20261131,MYR", "T,0,0.00"), "Baris 1"),
        (text("H,SE00009999,2026112,MYR", "T,0,0.00"), "Baris 1"),
        (text("H,SE00009999,20261122", "T,0,0.00"), "Baris 1"),
        (text(HEADER, LINE, "", "T,1,13.10"), "Baris 3"),
        (text(HEADER, LINE + ",x", "T,1,13.10"), "Baris 2"),
        (text(HEADER, LINE, HEADER, "T,1,13.10"), "Baris 3"),
        (text(HEADER, LINE, LINE), "Baris 3"),
        (text(HEADER, LINE, "T,2,13.10"), "Baris 3"),
        (text(HEADER, LINE, "T,1,13.11"), "Baris 3"),
        (text(HEADER, LINE, "T,-1,13.10"), "Baris 3"),
        (text(HEADER, LINE, "T,1"), "Baris 3"),
        *(
            (text(HEADER, LINE.replace("13.10", amount), f"T,1,{amount}"), "Baris 2")
            for amount in [
                "13.1",
                "-13.10",
                "+13.10",
                "13,10",
                "1e9",
                "13.100",
                "",
                " 13.10",
                "NaN",
            ]
        ),
        *(
            (text(HEADER, LINE.replace("20261122100530", moment), "T,1,13.10"), "Baris 2")
            for moment in ["20261123100530", "20261122250530", "2026112210053", "", "x"]
        ),
        *(
            (text(HEADER, LINE.replace("261122K7F3ABCD01PQ", order), "T,1,13.10"), "Baris 2")
            for order in ["", "=cmd", "a b", "x" * 41, "<b>"]
        ),
        *(
            (text(HEADER, LINE.replace("2611221005300123", number), "T,1,13.10"), "Baris 2")
            for number in ["", "26112210053001X3", "1" * 21]
        ),
    ],
)
def test_anything_else_is_refused_with_the_line_to_look_at(raw, words):
    with pytest.raises(NotASettlementFile, match=words):
        read_settlement_file(raw)
