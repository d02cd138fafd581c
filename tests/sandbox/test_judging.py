"""What the exchange refuses, and with which code."""

from datetime import timedelta

import pytest

from sandbox.fpx import judging, messages

FIELDS = dict.fromkeys(messages.REQUEST, "") | {
    "fpx_msgToken": "01",
    "fpx_sellerOrderNo": "P1",
    "fpx_sellerExOrderNo": "X1",
    "fpx_sellerTxnTime": "20261122100000",
    "fpx_sellerBankCode": "01",
    "fpx_txnCurrency": "MYR",
    "fpx_txnAmount": "13.10",
    "fpx_buyerEmail": "aminah@example.com",
    "fpx_buyerBankId": "TEST0021",
    "fpx_productDesc": "Caruman SPS",
    "fpx_version": "7.0",
}


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("msgToken", "01", ""),
        ("msgToken", "02", "83"),
        ("version", "5.0", ""),
        ("version", "6.0", ""),
        ("version", "8.0", "30"),
        ("sellerBankCode", "02", "05"),
        ("sellerOrderNo", "P'1", "30"),
        ("sellerOrderNo", "", "30"),
        ("sellerOrderNo", "P" * 41, "30"),
        ("productDesc", "", "30"),
        ("productDesc", "x" * 31, "30"),
        ("productDesc", "a|b", "30"),
        ("buyerEmail", "", ""),
        ("buyerEmail", "aminah", "DB"),
        ("txnCurrency", "SGD", "47"),
        ("txnAmount", "13.1", "13"),
        ("txnAmount", "1,300.10", "13"),
        ("txnAmount", "-13.10", "13"),
        ("txnAmount", "1.00", ""),
        ("txnAmount", "0.99", "2A"),
        ("txnAmount", "30000.00", ""),
        ("txnAmount", "30000.01", "48"),
        ("buyerBankId", "NEWB0999", ""),
        ("buyerBankId", "TEST0023", "BB"),
        ("buyerBankId", "NOBANK", "92"),
        ("buyerBankId", "", "92"),
        ("sellerTxnTime", "20261121100001", ""),
        ("sellerTxnTime", "20261120100000", "XW"),
        ("sellerTxnTime", "20261124100001", "XW"),
        ("sellerTxnTime", "22/11/2026", "XW"),
        ("buyerBankBranch", "x" * 11, "30"),
    ],
)
def test_a_request_is_judged(name, value, code, at):
    assert judging.refusal(FIELDS | {f"fpx_{name}": value}, at=at) == code


def test_a_request_without_a_bank_may_go_to_the_exchanges_own_list(at):
    fields = FIELDS | {"fpx_buyerBankId": ""}
    assert judging.refusal(fields, at=at, needs_bank=False) == ""


def test_optional_fields_are_ignored(at):
    assert judging.refusal(FIELDS | {"fpx_eaccountNum": "", "fpx_ebuyerID": ""}, at=at) == ""


def test_a_clock_half_a_day_off_is_tolerated(at):
    assert judging.refusal(FIELDS, at=at + timedelta(hours=12)) == ""
