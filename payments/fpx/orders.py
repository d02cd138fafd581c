"""The messages that we sign: asking for money (AR), asking how it stands (AE), asking for banks."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings

from foundation.wording import local
from payments.fpx.messages import (
    CHECKSUM,
    CURRENCY,
    MODEL,
    SEPARATOR,
    SIGNED_FIELDS,
    VERSION,
    source,
)
from payments.fpx.signing import sign

EMAIL_MAX_LENGTH = 50
_DESCRIPTION_MAX_LENGTH = 30


@dataclass(frozen=True)
class Order:
    """What is to be paid, in our words."""

    reference: str  # at most 20 letters and digits, new for each attempt
    bank_id: str
    buyer_email: str
    description: str
    amount: Decimal
    at: datetime


def payment_request(order: Order) -> str:
    """The signed AR as JSON, every field as it will be sent; the order is both its numbers.

    Raises ValueError when a value holds a bar, which would make the signed source ambiguous, or
    what is not ASCII, for which FPX names no character set.
    """
    given = {
        "fpx_buyerBankId": order.bank_id,
        "fpx_buyerEmail": order.buyer_email,
        "fpx_msgToken": MODEL,
        "fpx_msgType": "AR",
        "fpx_productDesc": order.description[:_DESCRIPTION_MAX_LENGTH],
        "fpx_sellerBankCode": "01",
        "fpx_sellerExId": settings.FPX_SELLER_EX_ID,
        "fpx_sellerExOrderNo": order.reference,
        "fpx_sellerId": settings.FPX_SELLER_ID,
        "fpx_sellerOrderNo": order.reference,
        "fpx_sellerTxnTime": f"{local(order.at):%Y%m%d%H%M%S}",
        "fpx_txnAmount": f"{order.amount:.2f}",
        "fpx_txnCurrency": CURRENCY,
        "fpx_version": VERSION,
    }
    return json.dumps(_signed({name: given.get(name, "") for name in SIGNED_FIELDS["AR"]}))


def form_fields(request: str) -> dict[str, str]:
    """A kept AR as the form that the browser posts, every field as it was signed."""
    fields: dict[str, str] = json.loads(request)
    return fields


def enquiry(request: str) -> dict[str, str]:
    """The AE of a kept AR: exactly its values but for the type and the checksum."""
    fields = form_fields(request)
    del fields[CHECKSUM]
    return _signed({**fields, "fpx_msgType": "AE"})


def bank_list_request() -> dict[str, str]:
    """The BE: asks which banks take part."""
    return _signed(
        {
            "fpx_msgToken": MODEL,
            "fpx_msgType": "BE",
            "fpx_sellerExId": settings.FPX_SELLER_EX_ID,
            "fpx_version": VERSION,
        }
    )


def is_sendable(value: str) -> bool:
    """True for what FPX can take: ASCII, for which alone it has a character set, and no bar."""
    return value.isascii() and SEPARATOR not in value


def _signed(fields: Mapping[str, str]) -> dict[str, str]:
    for name, value in fields.items():
        if not is_sendable(value):
            raise ValueError(f"{name} holds what FPX cannot take")
    return {**fields, CHECKSUM: sign(source(fields))}
