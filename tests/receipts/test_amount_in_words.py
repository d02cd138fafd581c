"""Sums in words."""

from decimal import Decimal

import pytest

from receipts.amount_in_words import in_words


@pytest.mark.parametrize(
    ("amount", "malay", "english"),
    [
        ("13.10", "tiga belas dan sen sepuluh", "thirteen and sen ten"),
        ("19.40", "sembilan belas dan sen empat puluh", "nineteen and sen forty"),
        ("36.90", "tiga puluh enam dan sen sembilan puluh", "thirty-six and sen ninety"),
        (
            "157.20",
            "seratus lima puluh tujuh dan sen dua puluh",
            "one hundred fifty-seven and sen twenty",
        ),
        (
            "592.80",
            "lima ratus sembilan puluh dua dan sen lapan puluh",
            "five hundred ninety-two and sen eighty",
        ),
        ("0.01", "kosong dan sen satu", "zero and sen one"),
        ("10.00", "sepuluh", "ten"),
        ("11.11", "sebelas dan sen sebelas", "eleven and sen eleven"),
        ("20.00", "dua puluh", "twenty"),
        ("100.00", "seratus", "one hundred"),
        ("110.05", "seratus sepuluh dan sen lima", "one hundred ten and sen five"),
        ("1000.00", "seribu", "one thousand"),
        (
            "1234.50",
            "seribu dua ratus tiga puluh empat dan sen lima puluh",
            "one thousand two hundred thirty-four and sen fifty",
        ),
        ("11011.00", "sebelas ribu sebelas", "eleven thousand eleven"),
        (
            "999999.99",
            "sembilan ratus sembilan puluh sembilan ribu sembilan ratus sembilan puluh sembilan"
            " dan sen sembilan puluh sembilan",
            "nine hundred ninety-nine thousand nine hundred ninety-nine and sen ninety-nine",
        ),
    ],
)
def test_a_sum_in_words(amount, malay, english):
    assert in_words(Decimal(amount), "ms") == f"Ringgit Malaysia {malay} sahaja"
    assert in_words(Decimal(amount), "en") == f"Ringgit Malaysia {english} only"
