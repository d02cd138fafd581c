"""FPX messages on the wire: form encoding, source strings, signatures.

A message is a dictionary of its `fpx_` fields, decoded. Its checksum is RSA PKCS#1 v1.5 over SHA-1
of the values joined by a bar, in the fixed order of its type, as upper-case hexadecimal.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, quote_plus

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

Fields = Mapping[str, str]

CHECKSUM = "fpx_checkSum"
# FPX prescribes it; the certificates themselves are signed with SHA-256.
SHA1 = hashes.SHA1()  # noqa: S303


def _names(words: str) -> tuple[str, ...]:
    return tuple(f"fpx_{word}" for word in words.split())


# What is signed, in the order in which it is signed.
REQUEST = _names(
    "buyerAccNo buyerBankBranch buyerBankId buyerEmail buyerIban buyerId buyerName makerName"
    " msgToken msgType productDesc sellerBankCode sellerExId sellerExOrderNo sellerId"
    " sellerOrderNo sellerTxnTime txnAmount txnCurrency version"
)
ANSWER = _names(
    "buyerBankBranch buyerBankId buyerIban buyerId buyerName creditAuthCode creditAuthNo"
    " debitAuthCode debitAuthNo fpxTxnId fpxTxnTime makerName msgToken msgType sellerExId"
    " sellerExOrderNo sellerId sellerOrderNo sellerTxnTime txnAmount txnCurrency"
)
BANK_LIST_REQUEST = _names("msgToken msgType sellerExId version")
BANK_LIST = _names("bankList msgToken msgType sellerExId")
SIGNED = {
    "AR": REQUEST,
    "AE": REQUEST,
    "AC": ANSWER,
    "BE": BANK_LIST_REQUEST,
    "BC": BANK_LIST,
}

# The order in which the exchange writes its own messages, as captured from the real one.
WIRE = {
    "AC": _names(
        "debitAuthCode debitAuthNo sellerExId creditAuthNo buyerName buyerId sellerTxnTime"
        " sellerExOrderNo makerName buyerBankBranch buyerBankId msgToken creditAuthCode sellerId"
        " fpxTxnTime buyerIban sellerOrderNo txnAmount fpxTxnId checkSum msgType txnCurrency"
    ),
    "BC": _names("msgToken sellerExId bankList checkSum msgType"),
}


class Malformed(Exception):
    """The text is not a form with one value for each name."""


def decode(body: bytes) -> dict[str, str]:
    """The fields of a posted form, blank values kept. Raises `Malformed`."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, strict_parsing=True, max_num_fields=100
        )
    except ValueError as error:
        raise Malformed(str(error)) from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Malformed("a name comes twice")
    return fields


def encode(fields: Fields, names: Sequence[str]) -> str:
    """The fields as a form, escaped as Java does it: `~` too, but not `*`."""
    values = ((name, quote_plus(fields[name], safe="*").replace("~", "%7E")) for name in names)
    return "&".join(f"{name}={value}" for name, value in values)


def write(fields: Fields) -> str:
    """One of the exchange's own messages, ready for the wire."""
    return encode(fields, WIRE[fields["fpx_msgType"]])


def missing(fields: Fields, names: Sequence[str]) -> list[str]:
    """Which of the names, or the checksum, the message lacks."""
    return [name for name in (*names, CHECKSUM) if name not in fields]


def source(fields: Fields) -> str:
    """What is signed: the values of the message's type in their order. Raises `KeyError`."""
    return "|".join(fields[name] for name in SIGNED[fields["fpx_msgType"]])


def checksum(fields: Fields, key: RSAPrivateKey) -> str:
    """The signature of the message by `key`."""
    return key.sign(source(fields).encode(), PKCS1v15(), SHA1).hex().upper()


def is_signed_by(fields: Fields, key: RSAPublicKey) -> bool:
    """Whether the message's checksum, in either case, is the signature of that key."""
    try:
        key.verify(bytes.fromhex(fields[CHECKSUM]), source(fields).encode(), PKCS1v15(), SHA1)
    except (InvalidSignature, ValueError, KeyError):
        return False
    return True
