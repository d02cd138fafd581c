"""What FPX's response codes mean for a payment.

The codes are PayNet's, the meanings ours; only 00 is ever a success. The debit code decides.
"""

from payments.meaning import Kind, Meaning, Reason

_TABLE = [
    (Kind.SUCCEEDED, Reason.OTHER, "00"),
    (Kind.PENDING, Reason.OTHER, "09"),
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
MEANINGS["99"] = Meaning(Kind.PENDING, needs_second_person=True)
# FPX names no code for "not yet"; an answer without one has decided nothing.
MEANINGS[""] = Meaning(Kind.PENDING)
_UNKNOWN = Meaning(Kind.UNSURE, is_known=False)


def meaning_of(code: str) -> Meaning:
    """What a debit code means; one that is not in the table is never a success."""
    return MEANINGS.get(code, _UNKNOWN)


def is_credited(credit_code: str) -> bool:
    """True when the seller's bank was credited, or its word is still out."""
    return credit_code in {"", "00"}
