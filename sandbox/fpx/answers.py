"""The exchange's answer (AC): the same body to the merchant, through the browser, to an enquiry."""

from datetime import datetime

from sandbox.fpx import banks
from sandbox.fpx.judging import MALAYSIA
from sandbox.fpx.keys import exchange_key, wrong_key
from sandbox.fpx.messages import ANSWER, CHECKSUM, Fields, checksum, write
from sandbox.models import FpxTransaction
from sandbox.scenarios import Seal

APPROVED = "00"
NOT_FOUND = "76"
UNDECIDED = {"09", "99"}
# Names as the real test banks give them, hostile on purpose.
BUYER_NAMES = ["N@ME()/ .-&BUYER", "Nur@/() .-_,&'Ain", "PnN@m()/PyN.-&B''UYER"]
MAKER_NAME = "New Simulator"
DEBIT_NUMBER, CREDIT_NUMBER = "15733223", "9999999999"
ECHOED = [
    "fpx_msgToken",
    "fpx_sellerExId",
    "fpx_sellerExOrderNo",
    "fpx_sellerId",
    "fpx_sellerOrderNo",
    "fpx_sellerTxnTime",
    "fpx_txnAmount",
    "fpx_txnCurrency",
    "fpx_buyerBankId",
]


def not_found(enquiry: Fields) -> str:
    """The answer to an enquiry about an order that never reached the exchange."""
    return write(_sealed(_echo(enquiry) | {"fpx_debitAuthCode": NOT_FOUND}, Seal.GENUINE))


def message(transaction: FpxTransaction, *, at: datetime) -> str:
    """What the exchange sends by itself, sealed as the scenario wants it."""
    return write(_sealed(_answer(transaction, transaction.code_at(at)), transaction.scenario.seal))


def enquired(transaction: FpxTransaction, *, at: datetime) -> str:
    """What it answers when asked.

    A forger or a meddler on the way cannot answer for the exchange, so there it tells the truth.
    """
    seal = transaction.scenario.seal
    if seal in {Seal.WRONG_KEY, Seal.TAMPERED}:
        seal = Seal.GENUINE
    return write(_sealed(_answer(transaction, transaction.code_at(at)), seal))


def _answer(transaction: FpxTransaction, code: str) -> dict[str, str]:
    """The fields of an AC for that code, unsigned."""
    fields = _echo(transaction.request) | {
        "fpx_buyerBankId": transaction.bank,
        "fpx_fpxTxnId": transaction.fpx_txn_id,
        "fpx_fpxTxnTime": f"{transaction.received_at.astimezone(MALAYSIA):%Y%m%d%H%M%S}",
        "fpx_buyerBankBranch": banks.name_of(transaction.model, transaction.bank),
        "fpx_debitAuthCode": code,
    }
    if code not in UNDECIDED and not transaction.is_refused:
        fields["fpx_buyerName"] = BUYER_NAMES[(transaction.pk - 1) % len(BUYER_NAMES)]
    if code == APPROVED:
        fields |= {
            "fpx_debitAuthNo": DEBIT_NUMBER,
            "fpx_creditAuthCode": APPROVED,
            "fpx_creditAuthNo": CREDIT_NUMBER,
            "fpx_makerName": MAKER_NAME,
        }
    return fields


def _echo(request: Fields) -> dict[str, str]:
    """An AC that holds only what the merchant sent, all else empty."""
    fields = dict.fromkeys(ANSWER, "") | {name: request[name] for name in ECHOED}
    return fields | {"fpx_msgType": "AC"}


def _sealed(fields: dict[str, str], seal: Seal) -> dict[str, str]:
    """The message with its checksum."""
    other_amount = {"fpx_txnAmount": "2.00" if fields["fpx_txnAmount"] == "1.00" else "1.00"}
    if seal is Seal.OTHER_AMOUNT:
        fields = fields | other_amount
    seal_value = checksum(fields, wrong_key() if seal is Seal.WRONG_KEY else exchange_key())
    if seal is Seal.LOWER_CASE:
        seal_value = seal_value.lower()
    if seal is Seal.TAMPERED:
        fields = fields | other_amount
    return fields | {CHECKSUM: seal_value}
