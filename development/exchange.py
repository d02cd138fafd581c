"""FPX's side of payments that never were: its answers, signed with the development key.

Demo data and benchmarks need payments that a bank decided in the past; the portal believes nothing
but a signed message, so they are signed.
"""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings

from foundation.wording import local
from payments.models import Payment

ECHOED = [
    *("sellerExId", "sellerExOrderNo", "sellerId", "sellerOrderNo", "sellerTxnTime"),
    *("txnAmount", "txnCurrency", "msgToken", "buyerBankId"),
]


@cache
def _key() -> RSAPrivateKey:
    content = (Path(settings.DATA_DIR) / "keys" / "fpx.key").read_bytes()
    key = load_pem_private_key(content, password=None)
    assert isinstance(key, RSAPrivateKey)
    return key


def answer(payment: Payment, code: str, *, at: datetime, **changes: str) -> bytes:
    """The body that FPX sends about a payment that it saw at the moment `at`."""
    asked = json.loads(payment.request)
    is_paid = code == "00"
    fields = {name: asked[f"fpx_{name}"] for name in ECHOED} | {
        "msgType": "AC",
        "buyerBankBranch": payment.bank_name.upper(),
        "buyerName": "N@ME()/ .-&BUYER" if is_paid else "",
        "buyerId": "",
        "buyerIban": "",
        "makerName": "New Simulator" if is_paid else "",
        "fpxTxnId": f"{local(at):%y%m%d%H%M%S}{payment.pk % 10000:04d}",
        "fpxTxnTime": f"{local(at):%Y%m%d%H%M%S}",
        "debitAuthCode": code,
        "debitAuthNo": "15733223" if is_paid else "",
        "creditAuthCode": "00" if is_paid else "",
        "creditAuthNo": "9999999999" if is_paid else "",
        **changes,
    }
    source = "|".join(fields[name] for name in sorted(fields)).encode("latin-1")
    checksum = _key().sign(source, PKCS1v15(), hashes.SHA1()).hex().upper()
    body = {f"fpx_{name}": value for name, value in fields.items()} | {"fpx_checkSum": checksum}
    return urlencode(body, encoding="latin-1").encode("latin-1")
