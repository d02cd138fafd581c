"""The adapter to FPX: the only place that speaks its field names, order, checksum and codes.

What stands here is a driver of `payments.gateway`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings

from payments.fpx import client, messages, orders, reading
from payments.fpx.banks import is_known, is_popular, name_of
from payments.fpx.client import Unreachable
from payments.fpx.codes import is_credited, meaning_of
from payments.fpx.comparing import Field, side_by_side
from payments.fpx.messages import Ambiguous, Unreadable
from payments.fpx.orders import is_sendable
from payments.fpx.reading import Answer, Unverified

__all__ = [
    "Ambiguous",
    "Answer",
    "Checkout",
    "Field",
    "Unreachable",
    "Unreadable",
    "Unverified",
    "can_refund",
    "claimed_reference",
    "email_max_length",
    "is_credited",
    "is_known",
    "is_popular",
    "is_sendable",
    "list_channels",
    "meaning_of",
    "name_of",
    "query",
    "read_notification",
    "side_by_side",
    "sign_request",
    "start",
]

# PayNet's seller protocol has no message for it.
can_refund = False
email_max_length = orders.EMAIL_MAX_LENGTH


@dataclass(frozen=True)
class Checkout:
    """A form that the payer's browser posts."""

    url: str
    fields: Mapping[str, str]


def list_channels(*, timeout: float, at: datetime) -> dict[str, bool]:
    """Asks for the banks (BE)."""
    return client.retrieve_banks(timeout=timeout, at=at)


def sign_request(
    *,
    reference: str,
    bank_id: str,
    buyer_email: str,
    description: str,
    amount: Decimal,
    at: datetime,
) -> str:
    """The signed AR."""
    order = orders.Order(reference, bank_id, buyer_email, description, amount, at)
    return orders.payment_request(order)


def start(request: str) -> Checkout:
    """The AR as the form that goes to FPX."""
    return Checkout(f"{settings.FPX_URL}seller2DReceiver.jsp", orders.form_fields(request))


def read_notification(raw: bytes, *, at: datetime) -> Answer:
    """The verified AC."""
    return reading.read_answer(raw, at=at)


def claimed_reference(raw: bytes) -> str:
    """Its seller's exchange order number, if one is legible."""
    return messages.order_number(raw)


def query(request: str, *, timeout: float) -> client.Reply:
    """Sends the AE of a kept AR."""
    return client.ask(request, timeout=timeout)
