"""The stories of a receipt: issued, checked by anyone, corrected by an officer."""

from receipts.services.correction import AlreadyVoid, NothingToCorrect, correct_receipt
from receipts.services.issuing import issue_receipt, next_number
from receipts.services.verification import find_by_code

__all__ = [
    "AlreadyVoid",
    "NothingToCorrect",
    "correct_receipt",
    "find_by_code",
    "issue_receipt",
    "next_number",
]
