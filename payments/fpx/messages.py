"""What FPX messages look like on the wire: their fields, the order of signing, form encoding.

Names, orders and lengths are those of PayNet's seller protocol, version 7.0. The orders are fixed
lists: a blind sort would sweep in optional keys that are not signed.
"""

from collections.abc import Mapping
from urllib.parse import parse_qsl

VERSION = "7.0"
MODEL = "01"  # B2C: one person, debited at once
CURRENCY = "MYR"
CHECKSUM = "fpx_checkSum"

_REQUEST = (
    "buyerAccNo buyerBankBranch buyerBankId buyerEmail buyerIban buyerId buyerName makerName "
    "msgToken msgType productDesc sellerBankCode sellerExId sellerExOrderNo sellerId "
    "sellerOrderNo sellerTxnTime txnAmount txnCurrency version"
)
_ANSWER = (
    "buyerBankBranch buyerBankId buyerIban buyerId buyerName creditAuthCode creditAuthNo "
    "debitAuthCode debitAuthNo fpxTxnId fpxTxnTime makerName msgToken msgType sellerExId "
    "sellerExOrderNo sellerId sellerOrderNo sellerTxnTime txnAmount txnCurrency"
)
SIGNED_FIELDS = {
    message_type: tuple(f"fpx_{name}" for name in names.split())
    for message_type, names in {
        "AR": _REQUEST,
        "AE": _REQUEST,
        "AC": _ANSWER,
        "BE": "msgToken msgType sellerExId version",
        "BC": "bankList msgToken msgType sellerExId",
    }.items()
}
# A genuine answer has 22 fields; a body with many more is an attack on the parser.
_MOST_FIELDS = 60
# One character a byte: whatever character set the sender used, the hashed bytes are the sender's.
_BYTES = "latin-1"


SEPARATOR = "|"


class Unreadable(Exception):
    """A body that is no FPX message; its text tells an operator why."""


class Ambiguous(Unreadable):
    """Well signed, but a value holds the separator: other values would have the same signature.

    `signed` are the bytes that all of them share.
    """

    def __init__(self, detail: str, signed: bytes) -> None:
        super().__init__(detail)
        self.signed = signed


def source(fields: Mapping[str, str]) -> bytes:
    """The bytes that are signed: the decoded values, in order, joined by bars.

    A missing field counts as an empty one. Raises Unreadable for an unknown type of message.
    """
    try:
        names = SIGNED_FIELDS[fields.get("fpx_msgType", "")]
        return SEPARATOR.join(fields.get(name, "") for name in names).encode(_BYTES)
    except KeyError:
        raise Unreadable("no known message type") from None
    except UnicodeEncodeError:
        raise Unreadable("a value is not in single bytes") from None


def is_ambiguous(fields: Mapping[str, str]) -> bool:
    """True when the signed bytes could be cut into other values than these."""
    names = SIGNED_FIELDS[fields["fpx_msgType"]]
    return any(SEPARATOR in fields.get(name, "") for name in names)


def parse(raw: bytes) -> dict[str, str]:
    """The fields of a form-encoded body; FPX's answers begin with blank lines.

    Nothing is trimmed or unescaped beyond form decoding, because the checksum is over the values
    as sent. Raises Unreadable when a field stands twice or there are far too many.
    """
    text = raw.decode(_BYTES).strip("\r\n\t ")
    try:
        pairs = parse_qsl(
            text, keep_blank_values=True, encoding=_BYTES, max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        raise Unreadable("too many fields") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Unreadable("a field stands twice")
    return fields


def order_number(raw: bytes) -> str:
    """The order that a body claims to be about, proved or not; empty when none is legible."""
    try:
        claimed = parse(raw).get("fpx_sellerExOrderNo", "")
    except Unreadable:
        return ""
    return claimed if claimed.isascii() and claimed.isalnum() and len(claimed) <= 40 else ""
