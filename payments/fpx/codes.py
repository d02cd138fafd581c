"""What FPX's response codes mean for a payment, and what the payer is told.

The codes are PayNet's, the classes ours; only 00 is ever a success. The debit code decides.
"""

from dataclasses import dataclass
from enum import Enum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(Enum):
    """What a code does to a payment."""

    SUCCEEDED = "the money has left the account"
    PENDING = "the bank has not decided"
    FAILED = "the bank said no"
    UNSURE = "no by its text; ask once more before the payer is told to pay again"
    FAULT = "our mistake or FPX's: no for the payer, an alarm for the operator"
    UNSEEN = "FPX has not seen the order"
    DUPLICATE = "FPX has the order already: this says nothing of how it stands"


class Reason(TextChoices):
    """Why a payment is not made, as the payer reads it."""

    FUNDS = "funds", _("Baki akaun anda tidak mencukupi.")
    CANCELLED = "cancelled", _("Bayaran dibatalkan di laman bank.")
    TIMED_OUT = "timed_out", _("Masa di laman bank telah tamat.")
    UNFINISHED = "unfinished", _("Maklumat di laman bank tidak dilengkapkan.")
    LIMIT = "limit", _("Amaun ini di luar had transaksi bank anda.")
    UNAVAILABLE = "unavailable", _("Perbankan internet bank anda tidak tersedia sekarang.")
    ACCOUNT = "account", _("Akaun anda tidak dapat digunakan untuk bayaran ini.")
    EMAIL = "email", _("FPX tidak menerima alamat e-mel yang diberi.")
    CONFIGURATION = "configuration", _("Ada masalah antara laman ini dengan FPX.")
    NOT_FOUND = "not_found", _("FPX tidak menerima permintaan bayaran ini.")
    OTHER = "other", _("Bank tidak meluluskan bayaran ini.")


@dataclass(frozen=True)
class Meaning:
    """One row of the table."""

    kind: Kind
    reason: Reason = Reason.OTHER
    is_known: bool = True


# Pending of its own kind: a second person must authorise at the bank, perhaps days later.
AUTHORISATION = "99"

_TABLE = [
    (Kind.SUCCEEDED, Reason.OTHER, "00"),
    (Kind.PENDING, Reason.OTHER, "09 99"),
    (Kind.UNSEEN, Reason.NOT_FOUND, "76"),
    (Kind.DUPLICATE, Reason.CONFIGURATION, "45 XN XO"),
    (Kind.FAILED, Reason.FUNDS, "51"),
    (Kind.FAILED, Reason.CANCELLED, "80 BC 1C 1F 1I 1L"),
    (Kind.FAILED, Reason.TIMED_OUT, "OA"),
    (Kind.UNSURE, Reason.TIMED_OUT, "1A 1D 1G 1J 1M OF"),
    (Kind.FAILED, Reason.UNFINISHED, "1B 1E 1H 1K"),
    (Kind.FAILED, Reason.LIMIT, "48 49 2A"),
    (Kind.FAILED, Reason.UNAVAILABLE, "31 90 92 BB OE"),
    (Kind.UNSURE, Reason.UNAVAILABLE, "79 85 96 FE"),
    (Kind.FAILED, Reason.ACCOUNT, "14 39 53 57 77"),
    (Kind.FAILED, Reason.EMAIL, "DB"),
    (Kind.FAILED, Reason.OTHER, "12 2X"),
    (Kind.UNSURE, Reason.OTHER, "20 87 88 89"),
    (
        Kind.FAULT,
        Reason.CONFIGURATION,
        "03 05 13 30 46 47 50 58 70 78 83 84 98 DA DC DD DE DF SB XA XB XC XE XF XI XM XS XT XW",
    ),
    # Refunds: no answer to a payment should ever hold one.
    (Kind.FAULT, Reason.OTHER, "1S OO B0 B1 B2 B3 B4 B5 B6 B7 B8 B9 C1 C2 C3 C4 C5"),
]
MEANINGS = {code: Meaning(kind, reason) for kind, reason, codes in _TABLE for code in codes.split()}
# FPX names no code for "not yet"; an answer without one has decided nothing.
MEANINGS[""] = Meaning(Kind.PENDING)
_UNKNOWN = Meaning(Kind.UNSURE, is_known=False)


def meaning_of(code: str) -> Meaning:
    """What a debit code means; one that is not in the table is never a success."""
    return MEANINGS.get(code, _UNKNOWN)


def is_credited(credit_code: str) -> bool:
    """True when the seller's bank was credited, or its word is still out."""
    return credit_code in {"", "00"}
