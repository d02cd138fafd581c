"""Looks a receipt up by its code, for anyone."""

from datetime import datetime

from accounts.services import limits
from receipts.models import Receipt

_LIMIT = "receipt_code_per_network"


def find_by_code(*, code: str, network: str, at: datetime) -> Receipt | None:
    """The receipt with this code; a network that guesses is stopped, raising TooMany.

    A true code is answered even then: carriers put many phones into one network, and 25 signs are
    never guessed.
    """
    found = Receipt.objects.with_code(code).first()
    if found is None:
        limits.take(_LIMIT, network, at=at)
    return found
