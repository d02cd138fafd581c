"""Looks a receipt up by its code, for anyone."""

from datetime import datetime

from accounts.services import limits
from receipts.models import Receipt

_LIMIT = "receipt_code_per_network"


def find_by_code(*, code: str, network: str, at: datetime) -> Receipt | None:
    """The receipt with this code; a network that guesses is stopped, raising TooMany.

    Only wrong codes count: carriers put many phones into one network, and a true code is no guess.
    """
    limits.take(_LIMIT, network, at=at)
    found = Receipt.objects.with_code(code).first()
    if found is not None:
        limits.give_back(_LIMIT, network)
    return found
