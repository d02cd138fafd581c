"""What FPX's codes mean."""

import pytest

from payments.fpx import codes
from payments.fpx.codes import MEANINGS, Kind, Reason, is_credited, meaning_of
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


def test_every_published_code_stands_in_one_row():
    listed = [code for _, _, row in codes._TABLE for code in row.split()]
    assert len(listed) == len(set(listed)) == 95


@pytest.mark.parametrize(
    ("code", "expected"), [("00", True), ("", True), ("09", False), ("51", False)]
)
def test_a_credit_code_is_in_order(code, expected):
    assert is_credited(code) is expected


def test_the_model_names_the_codes_that_an_enquiry_looks_for():
    assert meaning_of(Payment.UNSEEN_CODE).kind is Kind.UNSEEN
    assert meaning_of(Payment.WAITING_CODE).kind is Kind.PENDING
