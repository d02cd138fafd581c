"""FPX as the portal sees it: messages signed with the test key, so that verification really runs.

It shares no code with the adapter: it sorts names where the adapter has fixed lists.
"""

import json
from datetime import timedelta
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings

from foundation.wording import local

ECHOED = [
    "sellerExId",
    "sellerExOrderNo",
    "sellerId",
    "sellerOrderNo",
    "sellerTxnTime",
    "txnAmount",
    "txnCurrency",
    "msgToken",
    "buyerBankId",
]
EMPTY = ["buyerIban", "buyerId"]
SIGNED = {
    f"fpx_{name}"
    for name in [
        *ECHOED,
        *EMPTY,
        *["msgType", "buyerBankBranch", "buyerName", "makerName", "fpxTxnId", "fpxTxnTime"],
        *["debitAuthCode", "debitAuthNo", "creditAuthCode", "creditAuthNo"],
    ]
}


@cache
def key(name="fpx.key"):
    """One of the keys that this run has made."""
    return load_pem_private_key((Path(settings.DATA_DIR) / "keys" / name).read_bytes(), None)


def sign(fields, *, key_name="fpx.key"):
    """The fields with FPX's checksum over the values in order of their names."""
    fields = {name: value for name, value in fields.items() if name != "fpx_checkSum"}
    source = "|".join(fields[name] for name in sorted(fields)).encode("latin-1")
    signature = key(key_name).sign(source, PKCS1v15(), hashes.SHA1())
    return fields | {"fpx_checkSum": signature.hex().upper()}


def answer_fields(payment, code="00", *, fpx_at=None, transaction_id=None, credit=None, **changes):
    """The AC about a payment: FPX saw it at `fpx_at` (half a minute after its start)."""
    asked = json.loads(payment.request)
    fpx_at = fpx_at or payment.started_at + timedelta(seconds=30)
    fields = {f"fpx_{name}": asked[f"fpx_{name}"] for name in ECHOED}
    fields |= {f"fpx_{name}": "" for name in EMPTY}
    is_seen = code != "76"
    is_paid = code == "00"
    fields |= {
        "fpx_msgType": "AC",
        "fpx_buyerBankBranch": "SBI BANK A" if is_seen else "",
        "fpx_buyerName": "N@ME()/ .-&BUYER" if is_paid else "",
        "fpx_makerName": "New Simulator" if is_paid else "",
        "fpx_fpxTxnId": (transaction_id or transaction_id_of(payment)) if is_seen else "",
        "fpx_fpxTxnTime": f"{local(fpx_at):%Y%m%d%H%M%S}" if is_seen else "",
        "fpx_debitAuthCode": code,
        "fpx_debitAuthNo": "15733223" if is_paid else "",
        "fpx_creditAuthCode": (code if is_paid else "") if credit is None else credit,
        "fpx_creditAuthNo": "9999999999" if is_paid else "",
    }
    return fields | {f"fpx_{name}": value for name, value in changes.items()}


def transaction_id_of(payment):
    """Sixteen digits, another one for each payment."""
    return f"{local(payment.started_at):%y%m%d%H%M%S}{payment.pk % 10000:04d}"


def answer(payment, code="00", *, key_name="fpx.key", **facts):
    """The same signed and encoded, as bytes on the wire."""
    return encode(sign(answer_fields(payment, code, **facts), key_name=key_name))


def bank_list(banks="TEST0021~A,MB2U0227~A,RHB0218~B", **changes):
    """The BC, with the blank lines that FPX's pages begin with."""
    fields = {
        "fpx_bankList": banks,
        "fpx_msgToken": "01",
        "fpx_msgType": "BC",
        "fpx_sellerExId": settings.FPX_SELLER_EX_ID,
    }
    return b"\r\n\r\n" + encode(sign(fields | changes))


def encode(fields):
    """Form encoding, any order."""
    return urlencode(fields, encoding="latin-1").encode("latin-1")


def decode(body):
    """The fields of a form-encoded body."""
    text = body if isinstance(body, str) else body.decode("latin-1")
    return dict(parse_qsl(text.strip(), keep_blank_values=True))


def request_of(payment):
    """The AR as it was signed."""
    return json.loads(payment.request)
