"""The code on paper, typed by a tired officer at the roadside."""

import pytest

from receipts.verification_code import ALPHABET, LENGTH, new_code, read_code, written

CODE = "7K3MQ0ZT4VABCDE12345XYZ01"


def test_a_code_holds_125_random_bits():
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert {len(code) for code in codes} == {LENGTH}
    assert len(ALPHABET) ** LENGTH == 2**125


def test_a_new_code_reads_as_itself():
    code = new_code()
    assert read_code(code) == code == read_code(written(code))


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        "7K3MQ-0ZT4V-ABCDE-12345-XYZ01",
        " 7k3mq 0zt4v abcde 12345 xyz01 ",
        "7K3MQ–OZT4V–ABCDE–I2345–XYZ0L",
        "7K3MQ\u20110ZT4V\u2011ABCDE\u201112345\u2011XYZ01",
        "\u200e7K3MQ\u00ad0ZT4V\u2212ABCDE\u00a012345—XYZ01\u202c",
        "https://caruman.example/r/7K3MQ0ZT4VABCDE12345XYZ01/",
        "caruman.example/en/r/7K3MQ-0ZT4V-ABCDE-12345-XYZ01",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed):
    assert read_code(typed) == CODE


@pytest.mark.parametrize(
    "typed",
    ["", "-", CODE[:-1], CODE + "0", "SPS-2026-00001234", CODE[:-1] + "é", CODE[:-1] + "\0"],
)
def test_what_cannot_be_a_code_is_none(typed):
    assert read_code(typed) == ""


def test_a_code_is_printed_in_groups():
    assert written(CODE) == "7K3MQ-0ZT4V-ABCDE-12345-XYZ01"
