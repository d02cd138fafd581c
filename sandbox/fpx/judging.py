"""What the exchange refuses, and with which code (fpx response codes).

Which of several near-synonyms the real exchange returns is not public.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sandbox import settings
from sandbox.fpx import banks
from sandbox.fpx.keys import seller_key
from sandbox.fpx.messages import SIGNED, Fields, is_signed_by, missing

MALAYSIA = ZoneInfo("Asia/Kuala_Lumpur")
LONGEST = {
    "fpx_sellerExOrderNo": 40,
    "fpx_sellerOrderNo": 40,
    "fpx_buyerEmail": 50,
    "fpx_buyerName": 40,
    "fpx_buyerBankId": 10,
    "fpx_buyerBankBranch": 10,
    "fpx_buyerAccNo": 20,
    "fpx_buyerId": 20,
    "fpx_makerName": 40,
    "fpx_buyerIban": 35,
    "fpx_productDesc": 30,
}
# By model: the least and the most, in ringgit.
LIMITS = {
    "01": (Decimal("1.00"), Decimal("30000.00")),
    "02": (Decimal("2.00"), Decimal("1000000.00")),
}
ORDER_NUMBER = re.compile(r"[^&'`|]{1,40}")
AMOUNT = re.compile(r"\d{1,13}\.\d{2}")
Fault = Callable[[Fields], bool]


def distrust(fields: Fields, message_type: str) -> str:
    """The code of a message that nobody can be answered for; empty when it is to be trusted."""
    if fields.get("fpx_msgType") != message_type or missing(fields, SIGNED[message_type]):
        return "XE"
    if fields["fpx_sellerExId"] != settings.FPX_SELLER_EX_ID:
        return "XI"
    if not is_signed_by(fields, seller_key()):
        return "XC"
    if fields.get("fpx_sellerId", settings.FPX_SELLER_ID) != settings.FPX_SELLER_ID:
        return "XS"
    return ""


def refusal(fields: Fields, *, at: datetime, needs_bank: bool = True) -> str:
    """The code with which a trusted request is refused; empty when it may go to the bank."""
    for code, is_faulty in FAULTS:
        if is_faulty(fields):
            return code
    if _is_out_of_time(fields["fpx_sellerTxnTime"], at):
        return "XW"
    return bank_refusal(fields["fpx_msgToken"], fields["fpx_buyerBankId"]) if needs_bank else ""


def bank_refusal(model: str, bank: str) -> str:
    """The code for a bank that does not exist or takes no payments."""
    if not banks.is_known(model, bank):
        return "92"
    return "" if banks.is_open(model, bank) else "BB"


def _has_bad_format(fields: Fields) -> bool:
    return (
        any(len(fields[name]) > length for name, length in LONGEST.items())
        or any("|" in value for value in fields.values())
        or not ORDER_NUMBER.fullmatch(fields["fpx_sellerOrderNo"])
        or not fields["fpx_productDesc"]
    )


def _limit(fields: Fields, index: int) -> Decimal:
    return LIMITS[fields["fpx_msgToken"]][index]


def _is_out_of_time(stamp: str, at: datetime) -> bool:
    try:
        sent_at = datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=MALAYSIA)
    except ValueError:
        return True
    return abs(at - sent_at) > timedelta(hours=settings.FPX_CLOCK_TOLERANCE_HOURS)


# In this order: each may rely on those above it.
FAULTS: list[tuple[str, Fault]] = [
    ("30", _has_bad_format),
    ("83", lambda fields: fields["fpx_msgToken"] not in settings.FPX_MODELS),
    ("30", lambda fields: fields["fpx_version"] not in {"5.0", "6.0", "7.0"}),
    ("05", lambda fields: fields["fpx_sellerBankCode"] != "01"),
    ("47", lambda fields: fields["fpx_txnCurrency"] != "MYR"),
    ("13", lambda fields: not AMOUNT.fullmatch(fields["fpx_txnAmount"])),
    ("2A", lambda fields: Decimal(fields["fpx_txnAmount"]) < _limit(fields, 0)),
    ("48", lambda fields: Decimal(fields["fpx_txnAmount"]) > _limit(fields, 1)),
    ("DB", lambda fields: bool(email := fields["fpx_buyerEmail"]) and "@" not in email),
]
