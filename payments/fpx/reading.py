"""What FPX tells us: verified, held against what we asked, and said in our words."""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings

from foundation.wording import MALAYSIA
from payments.fpx.messages import (
    CHECKSUM,
    MODEL,
    Ambiguous,
    Unreadable,
    is_ambiguous,
    parse,
    source,
)
from payments.fpx.signing import verifying_certificate

# What an answer must repeat from the request, text for text.
_ECHOED = (
    "fpx_sellerExId",
    "fpx_sellerId",
    "fpx_sellerExOrderNo",
    "fpx_sellerOrderNo",
    "fpx_txnCurrency",
    "fpx_msgToken",
    "fpx_sellerTxnTime",
    "fpx_buyerBankId",
)
_MOMENT_LENGTH = 14
_YEARS = range(2000, 2100)  # others cannot be stored, or not be counted from
_LENGTHS = {
    "fpx_sellerExOrderNo": 40,
    "fpx_fpxTxnId": 20,
    "fpx_debitAuthCode": 2,
    "fpx_creditAuthCode": 2,
}


class Unverified(Exception):
    """A message that no trusted certificate signed."""


@dataclass(frozen=True)
class Answer:
    """What a verified AC says of one order."""

    fields: dict[str, str]
    certificate: str

    @property
    def signed(self) -> bytes:
        """All that FPX vouches for: bodies that differ elsewhere say the same."""
        return source(self.fields)

    @property
    def reference(self) -> str:
        """The order that it is about; empty when it is none that we could have made."""
        number = self.fields.get("fpx_sellerExOrderNo", "")
        return number if _is_plain(number) else ""

    @property
    def transaction_id(self) -> str:
        """FPX's own number, empty when FPX has not seen the order."""
        return self.fields.get("fpx_fpxTxnId", "")

    @property
    def transaction_at(self) -> datetime | None:
        """When the payer arrived at FPX, in Malaysia's time; None when it cannot be that."""
        text = self.fields.get("fpx_fpxTxnTime", "")
        if len(text) != _MOMENT_LENGTH:  # strptime would read fewer digits its own way
            return None
        try:
            at = datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=MALAYSIA)
        except ValueError:
            return None
        return at if at.year in _YEARS else None

    @property
    def debit_code(self) -> str:
        """The code that decides."""
        return self.fields.get("fpx_debitAuthCode", "")

    @property
    def credit_code(self) -> str:
        """Whether the seller's bank was credited; may be empty."""
        return self.fields.get("fpx_creditAuthCode", "")

    def disagreements(self, request: str) -> list[str]:
        """Names of the fields in which it differs from the kept AR; empty when all agree."""
        asked: dict[str, str] = json.loads(request)
        names = [name for name in _ECHOED if self.fields.get(name) != asked[name]]
        if _amount(self.fields.get("fpx_txnAmount", "")) != Decimal(asked["fpx_txnAmount"]):
            names.append("fpx_txnAmount")
        return names + self._malformed()

    def _malformed(self) -> list[str]:
        values = {name: self.fields.get(name, "") for name in _LENGTHS}
        return [
            name
            for name, value in values.items()
            if value and not (_is_plain(value) and len(value) <= _LENGTHS[name])
        ]


def read_answer(raw: bytes, *, at: datetime) -> Answer:
    """The verified AC in a body received at that moment.

    Raises Unreadable when it is no AC at all, Unverified when no certificate valid then signed it.
    """
    fields, certificate = _verified(raw, "AC", at)
    return Answer(fields, certificate)


def read_bank_list(raw: bytes, *, at: datetime) -> dict[str, bool]:
    """Bank id to whether it is online, from a verified BC; raises as `read_answer` does."""
    fields, _ = _verified(raw, "BC", at)
    if fields.get("fpx_msgToken") != MODEL:
        raise Unreadable("a bank list of another model")
    if fields.get("fpx_sellerExId") != settings.FPX_SELLER_EX_ID:
        raise Unreadable("a bank list for another exchange")
    pairs = [entry.partition("~") for entry in fields.get("fpx_bankList", "").split(",")]
    banks = {bank_id: status == "A" for bank_id, _, status in pairs if _is_bank_id(bank_id)}
    if not banks:
        raise Unreadable("a bank list without banks")
    return banks


def _is_bank_id(text: str) -> bool:
    return _is_plain(text) and len(text) <= 10


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isalnum()


def _verified(raw: bytes, message_type: str, at: datetime) -> tuple[dict[str, str], str]:
    fields = parse(raw)
    if fields.get("fpx_msgType") != message_type:
        raise Unreadable(f"no {message_type} message")
    certificate = verifying_certificate(source(fields), fields.get(CHECKSUM, ""), at=at)
    if certificate is None:
        raise Unverified("no trusted certificate made the checksum")
    if is_ambiguous(fields):
        raise Ambiguous("a signed value holds the separator", source(fields))
    return fields, certificate


def _amount(text: str) -> Decimal | None:
    """Only digits with two decimals: Decimal alone would also take "1E2" and "NaN"."""
    whole, point, cents = text.partition(".")
    is_amount = text.isascii() and point and (whole + cents).isdigit() and len(cents) == 2
    return Decimal(text) if is_amount and whole else None
