"""What FPX's codes mean."""

import pytest
from django.utils import translation

from payments.fpx import codes
from payments.fpx.codes import MEANINGS, is_credited, meaning_of
from payments.meaning import Kind, Reason
from payments.models import Payment


def test_only_one_code_is_a_success():
    assert [code for code, m in MEANINGS.items() if m.kind is Kind.SUCCEEDED] == ["00"]


@pytest.mark.parametrize("code", ["09", "99", ""])
def test_the_bank_has_not_decided(code):
    assert meaning_of(code).kind is Kind.PENDING


@pytest.mark.parametrize("code", ["ZZ", "0", "000", "oo", "22"])
def test_an_unknown_code_is_never_a_success(code):
    assert meaning_of(code).kind is Kind.UNSURE
    assert not meaning_of(code).is_known


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("51", Reason.FUNDS),
        ("1C", Reason.CANCELLED),
        ("1A", Reason.TIMED_OUT),
        ("48", Reason.LIMIT),
        ("90", Reason.UNAVAILABLE),
        ("XE", Reason.CONFIGURATION),
    ],
)
def test_a_payer_is_told_why(code, reason):
    assert meaning_of(code).reason is reason


# PayNet's codes by what fits the payer: typed from the published table, not from ours.
PUBLISHED = {
    Kind.SUCCEEDED: "00",
    Kind.PENDING: "09 99",
    Kind.UNSEEN: "76",
    Kind.FAILED: (
        "12 14 1B 1C 1E 1F 1H 1I 1K 1L 2A 2X 31 39 48 49 51 53 57 77 80 90 92 BB BC DB OA OE"
    ),
    Kind.UNSURE: "1A 1D 1G 1J 1M 20 79 85 87 88 89 96 FE OF",
    Kind.DUPLICATE: "45 XN XO",
    Kind.FAULT: (
        "03 05 13 30 46 47 50 58 70 78 83 84 98 DA DC DD DE DF SB XA XB XC XE XF XI XM XS XT XW "
        "1S B0 B1 B2 B3 B4 B5 B6 B7 B8 B9 C1 C2 C3 C4 C5 OO"
    ),
}


def test_every_published_code_has_its_class():
    expected = {code: kind for kind, codes in PUBLISHED.items() for code in codes.split()}
    assert len(expected) == 95
    assert {code: m.kind for code, m in MEANINGS.items() if code} == expected


def test_every_published_code_stands_in_one_row():
    listed = [code for _, _, row in codes._TABLE for code in row.split()]
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_is_a_sentence_in_both_languages(reason):
    sentences = []
    for language in ("ms", "en"):
        with translation.override(language):
            sentences.append(str(reason.label))
    assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in sentences)
    assert len(set(sentences)) == 2


@pytest.mark.parametrize(
    ("code", "expected"), [("00", True), ("", True), ("09", False), ("51", False)]
)
def test_a_credit_code_is_in_order(code, expected):
    assert is_credited(code) is expected


def test_the_model_names_the_codes_that_an_enquiry_looks_for():
    assert meaning_of(Payment.UNSEEN_CODE).kind is Kind.UNSEEN
    assert meaning_of(Payment.WAITING_CODE).kind is Kind.PENDING
