"""Whatever is posted to FPX's address is stored, answered as agreed, and credits nothing."""

import json
from io import BytesIO

import pytest
from django.test import Client

from payments.models import GatewayMessage, Payment, PaymentCase
from receipts.models import Receipt
from tests.payments import fakes

PATH = "/bayaran/fpx/langsung/"
FORM = "application/x-www-form-urlencoded"
OK = (200, b"OK")
REFUSED = (400, b"CHECKSUM ERROR")

# What FPX itself signed, but not of this order at this price: a repeat could not help.
SIGNED = {
    "one sen less": {"txnAmount": "13.09"},
    "one sen more": {"txnAmount": "13.11"},
    "negative": {"txnAmount": "-13.10"},
    "positive by its sign": {"txnAmount": "+13.10"},
    "nothing": {"txnAmount": "0.00"},
    "half a sen": {"txnAmount": "13.105"},
    "0.005": {"txnAmount": "0.005"},
    "without cents": {"txnAmount": "13"},
    "a thousand million": {"txnAmount": "1000000000.00"},
    "1e9": {"txnAmount": "1e9"},
    "a comma": {"txnAmount": "13,10"},
    "a thousands mark": {"txnAmount": "1,313.10"},
    "a blank": {"txnAmount": "13.10 "},
    "not a number": {"txnAmount": "NaN"},
    "endless": {"txnAmount": "Infinity"},
    "superscript digits": {"txnAmount": "13.\xb9\xb2"},
    "ten thousand digits": {"txnAmount": "9" * 10_000 + ".00"},
    "no amount": {"txnAmount": ""},
    "another currency": {"txnCurrency": "SGD"},
    "no currency": {"txnCurrency": ""},
    "lower-case currency": {"txnCurrency": "myr"},
    "another exchange": {"sellerExId": "EX00008888"},
    "another seller": {"sellerId": "SE00008888"},
    "another of our numbers": {"sellerOrderNo": "261122YYYYYYYYYY"},
    "an order that we do not know": {"sellerExOrderNo": "261122ZZZZZZZZZZ"},
    "another bank": {"buyerBankId": "MB2U0227"},
    "another model": {"msgToken": "02"},
    "another time": {"sellerTxnTime": "20261122100001"},
    "no transaction": {"fpxTxnId": ""},
    "a transaction with a quote": {"fpxTxnId": "26112210'0053"},
    "a transaction with a nul": {"fpxTxnId": "2611\x00"},
    "a long transaction": {"fpxTxnId": "2" * 21},
    "a long code": {"debitAuthCode": "000"},
}


def post(raw, content_type=FORM, method="POST", **headers):
    """As FPX's server posts: no cookie, no CSRF token."""
    answer = Client(enforce_csrf_checks=True, raise_request_exception=True).generic(
        method, PATH, raw, content_type=content_type, **headers
    )
    return answer.status_code, answer.content


def assert_stored_and_not_credited(verdict):
    assert GatewayMessage.objects.get().verdict == verdict
    assert Payment.objects.get().status == "started"
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("name", SIGNED)
def test_well_signed_but_not_this_order(payment, name):
    assert post(fakes.answer(payment, "00", **SIGNED[name])) == OK
    assert_stored_and_not_credited("anomaly")


def genuine(payment):
    return fakes.sign(fakes.answer_fields(payment, "00"))


def replayed(payment):
    """The genuine answer of another order, with this one's number."""
    return fakes.encode(genuine(payment) | {"fpx_sellerOrderNo": "261122YYYYYYYYYY"})


UNSIGNED = {
    "empty": lambda payment: b"",
    "json": lambda payment: json.dumps(genuine(payment)).encode(),
    "a field twice": lambda payment: fakes.encode(genuine(payment)) + b"&fpx_txnAmount=13.10",
    "a code twice": lambda payment: fakes.encode(genuine(payment)) + b"&fpx_debitAuthCode=00",
    "a hundred fields more": lambda payment: fakes.encode(genuine(payment)) + b"&a=1" * 100,
    "utf-8 where latin-1 was signed": lambda payment: fakes.answer(
        payment, "00", buyerName="JOS\xc9"
    ).replace(b"%C9", b"%C3%89"),
    "not decoded": lambda payment: fakes.answer(payment, "00").replace(b"+", b"%2B"),
    "an amount changed by one sen": lambda payment: fakes.answer(payment, "00").replace(
        b"=13.10", b"=13.11"
    ),
    "a no made a yes": lambda payment: fakes.answer(payment, "51").replace(
        b"AuthCode=51", b"AuthCode=00"
    ),
    "a currency changed": lambda payment: fakes.answer(payment, "00").replace(b"=MYR", b"=SGD"),
    "a replay on another order": replayed,
    "a request": lambda payment: fakes.encode(fakes.request_of(payment)),
    "a bank list": lambda payment: fakes.bank_list(),
    "no checksum": lambda payment: fakes.encode(genuine(payment) | {"fpx_checkSum": ""}),
    "a checksum in no hex": lambda payment: fakes.encode(
        genuine(payment) | {"fpx_checkSum": "Z" * 512}
    ),
    "half a checksum": lambda payment: fakes.encode(
        genuine(payment) | {"fpx_checkSum": genuine(payment)["fpx_checkSum"][:256]}
    ),
    "a wrong key": lambda payment: fakes.answer(payment, "00", key_name="fpx_wrong.key"),
    "our own key": lambda payment: fakes.answer(payment, "00", key_name="seller.key"),
    "a nul": lambda payment: b"fpx_msgType=AC&fpx_sellerExOrderNo=%00",
    "nothing but separators": lambda payment: b"&&&===&&&",
    "broken percent signs": lambda payment: b"fpx_msgType=%ZZ%1&%=%",
}


@pytest.mark.parametrize("name", UNSIGNED)
def test_what_fpx_did_not_sign(payment, name):
    raw = UNSIGNED[name](payment)
    assert post(raw) == REFUSED
    assert_stored_and_not_credited("unverified")
    assert GatewayMessage.objects.get().raw.encode("latin-1") == raw[:4096]


@pytest.mark.parametrize(
    ("method", "content_type"),
    [("GET", FORM), ("PUT", "text/plain"), ("PATCH", "application/json"), ("DELETE", FORM)],
)
def test_another_method_without_a_message(payment, method, content_type):
    assert post(b"", content_type, method) == REFUSED
    assert_stored_and_not_credited("unverified")


@pytest.mark.parametrize("path", ["/bayaran/fpx/langsung/", "/bayaran/fpx/kembali/"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "POST"])
def test_a_genuine_message_in_an_address_counts_for_nothing(payment, path, method):
    """Addresses stand in logs and histories: whoever finds one must not credit anything by it."""
    query = fakes.answer(payment, "00").decode()
    Client().generic(method, f"{path}?{query}")
    assert_stored_and_not_credited("unverified")


def test_a_genuine_message_is_posted(payment):
    assert post(fakes.answer(payment, "00"), FORM, "PUT") == REFUSED
    assert_stored_and_not_credited("unverified")


@pytest.mark.parametrize("order", ["2611\0", "26 11", "x" * 41])
def test_an_order_number_that_is_none_is_an_anomaly(payment, order):
    assert post(fakes.answer(payment, "00", sellerExOrderNo=order)) == OK
    assert GatewayMessage.objects.get().verdict == "anomaly"


@pytest.mark.parametrize("year", ["0001", "1999", "2100", "9999"])
def test_a_time_that_cannot_be_is_none(payment, year):
    assert post(fakes.answer(payment, "00", fpxTxnTime=f"{year}1231235959")) == OK
    assert Payment.objects.get().fpx_transaction_at is None
    assert Receipt.objects.count() == 1
    assert PaymentCase.objects.get().kind == "anomaly"


@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data", "", "x/y; z"])
def test_a_genuine_message_counts_whatever_its_header_says(payment, content_type):
    assert post(fakes.answer(payment, "00"), content_type) == OK
    assert Payment.objects.get().status == "succeeded"


EXTRA = {
    "unknown": b"&fpx_ebuyerID=&lain=1",
    "known, but not signed": b"&fpx_eaccountNum=1",
    "a separator": b"&",
    "a megabyte": b"&a=" + b"x" * 1_048_576,
}


@pytest.mark.parametrize("extra", EXTRA.values(), ids=EXTRA)
def test_unknown_fields_are_ignored(payment, extra):
    assert post(fakes.answer(payment, "00") + extra) == OK
    assert Payment.objects.get().status == "succeeded"


def test_a_body_in_chunks_is_read(payment):
    """It has no length, and Django alone would read nothing."""
    raw = fakes.answer(payment, "00")
    sent = {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": "", "wsgi.input": BytesIO(raw)}
    assert post(b"", **sent) == OK
    assert Payment.objects.get().status == "succeeded"
