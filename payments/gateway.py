"""What the portal asks of whoever moves the money, in words of its own; FPX is the first driver.

Another one (an acquirer's REST interface, say) is a package beside `fpx` that offers the same, and
the last line below. Ids, codes and messages of a provider are opaque: services keep them, show them
and hand them back.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

from payments import fpx
from payments.fpx import Ambiguous, Checkout, Field, Unreachable, Unreadable, Unverified
from payments.meaning import Meaning

__all__ = [
    "Ambiguous",
    "Checkout",
    "Event",
    "Field",
    "Gateway",
    "Unreachable",
    "Unreadable",
    "Unverified",
    "gateway",
]


class Event(Protocol):
    """What a verified message says of one order."""

    @property
    def reference(self) -> str:
        """Ours, of the attempt."""

    @property
    def certificate(self) -> str:
        """Which one verified it."""

    @property
    def signed(self) -> bytes:
        """All that the provider vouches for: bodies that differ elsewhere say the same."""

    @property
    def transaction_id(self) -> str:
        """The provider's number; empty when it has not seen the order."""

    @property
    def transaction_at(self) -> datetime | None:
        """The provider's time of it."""

    @property
    def debit_code(self) -> str:
        """The provider's raw code; `Gateway.meaning_of` says what it means."""

    @property
    def credit_code(self) -> str:
        """The same for the seller's side; may be empty."""

    def disagreements(self, request: str) -> list[str]:
        """In what it differs from the request that was kept."""


class Reply(Protocol):
    """A body as it came, and how long it took to come."""

    @property
    def raw(self) -> bytes: ...

    @property
    def took(self) -> timedelta: ...


class Gateway(Protocol):
    """Sends payers to their banks, and learns what became of it."""

    # False when finance must send money back by hand.
    can_refund: bool
    # The longest address that it sends notices to.
    email_max_length: int

    def list_channels(self, *, timeout: float, at: datetime) -> Mapping[str, bool]:
        """Banks by id, and whether each is available; raises each of the three errors."""

    def name_of(self, bank_id: str) -> str:
        """What its customers call a bank; the bare id of one that we do not know."""

    def is_known(self, bank_id: str) -> bool:
        """True when we have a name for it."""

    def is_popular(self, bank_id: str) -> bool:
        """True for a bank that many payers have: those are shown first."""

    def is_sendable(self, text: str) -> bool:
        """True for text that it can take."""

    def meaning_of(self, code: str) -> Meaning:
        """What a debit code says; one that it does not know is never a success."""

    def is_credited(self, code: str) -> bool:
        """True when the seller's side has the money by this credit code, or its word is out."""

    def sign_request(
        self,
        *,
        reference: str,
        bank_id: str,
        buyer_email: str,
        description: str,
        amount: Decimal,
        at: datetime,
    ) -> str:
        """The request to keep, word for word; raises ValueError for what cannot be sent."""

    def start(self, request: str) -> Checkout:
        """Where a kept request takes the payer's browser, and with which fields."""

    def read_notification(self, raw: bytes, *, at: datetime) -> Event:
        """A message that came by itself or as an answer; raises Unreadable and Unverified."""

    def claimed_reference(self, raw: bytes) -> str:
        """Which order a body claims to be about, proved or not."""

    def side_by_side(self, raw: bytes, request: str) -> list[Field]:
        """What a body says beside what was asked; `request` may be empty."""

    def query(self, request: str, *, timeout: float) -> Reply:
        """Asks how a kept request's order stands; raises Unreachable after `timeout` seconds."""


# Whoever takes the portal's payments: mypy holds the driver against the interface.
gateway: Gateway = fpx
