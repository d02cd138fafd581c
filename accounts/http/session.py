"""What the portal keeps in a browser's session: each fact with its key and type, all of them here.

A session holds ids and moments; what was typed into a page is sealed.
"""

from collections.abc import Callable, MutableMapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from django.http import HttpRequest

from accounts.models.session import LOG_IN
from foundation.encryption import decrypt, encrypt

T = TypeVar("T")


class Fact(Generic[T]):
    """What a session holds under one key; None is nothing, and takes it away."""

    def __init__(
        self,
        key: str,
        dump: Callable[[T], Any] = lambda value: value,
        load: Callable[[Any], T] = lambda stored: stored,
    ) -> None:
        self.key, self.dump, self.load = key, dump, load

    def __get__(self, facts: "Facts", owner: type["Facts"]) -> T | None:
        stored = facts.session.get(self.key)
        return None if stored is None else self.load(stored)

    def __set__(self, facts: "Facts", value: T | None) -> None:
        if value is None:
            facts.session.pop(self.key, None)
        else:
            facts.session[self.key] = self.dump(value)


def _moment(key: str) -> Fact[datetime]:
    return Fact(key, datetime.timestamp, lambda seconds: datetime.fromtimestamp(seconds, UTC))


def _uuid(key: str) -> Fact[UUID]:
    return Fact(key, str, UUID)


def _sealed(key: str, column: str) -> Fact[str]:
    return Fact(
        key,
        lambda text: encrypt(text, column=column),
        lambda sealed: decrypt(sealed, column=column),
    )


def _record(key: str, kind: type[T]) -> Fact[T]:
    return Fact(key, asdict, lambda fields: kind(**fields))  # type: ignore[arg-type]


@dataclass(frozen=True)
class HalfWay:
    """Who gave the right password; one that changes meanwhile (its hash) ends the attempt."""

    user: int
    password: str


@dataclass(frozen=True)
class KeptReset:
    """A forgotten password: the attempt, and whether its code was typed, which proved the phone."""

    attempt: str
    user: int | None
    counted_as: str
    is_confirmed: bool = False


@dataclass(frozen=True)
class ProofFor:
    """The page that wants a fresh proof, and whether the password is enough for it."""

    next: str
    with_code: bool


@dataclass(frozen=True)
class Proof:
    """When password and code were typed once more (seconds since 1970), and what bound the code."""

    password_at: float
    attempt: str
    code_at: float = 0


class Facts:
    """A session, read and written by the names and types of what it holds."""

    def __init__(self, session: MutableMapping[str, Any]) -> None:
        self.session = session

    # Before somebody is signed in.
    sign_up = _uuid("sign_up")
    link = Fact[int]("link")
    case = Fact[str]("case")
    log_in_ic = _sealed("log_in_ic", "session.ic_number")
    log_in_attempt = _uuid("log_in_attempt")
    half_way = _record("log_in_code", HalfWay)
    forgotten_ic = _sealed("forgotten_ic", "session.ic_number")
    reset = _record("reset", KeptReset)

    # What was typed and not taken, until its page is shown again.
    again = _sealed("again", "session.typed")

    # Where to go, and what to send, after the log-in.
    next = Fact[str]("next")
    unsent = _sealed("unsent", "session.typed")

    # While somebody is signed in.
    log_in = Fact[int](LOG_IN)
    signed_in_at = _moment("signed_in_at")
    touched_at = _moment("touched_at")
    mode = Fact[str]("mode")
    totp_at = _moment("totp_at")
    waiting_act = Fact[bool]("waiting_act")  # sent before the digits were asked for, and not done
    proof = _record("proof", Proof)
    proof_for = _record("proof_for", ProofFor)
    new_phone = _uuid("new_phone")

    def begin_log_in(self, ic_number: str) -> None:
        """Carries the IC number to the second log-in page; the codes are bound to this attempt."""
        self.log_in_ic = ic_number
        self.log_in_attempt = self.log_in_attempt or uuid4()

    def end_log_in(self) -> None:
        """Forgets what the pages of a log-in carried: somebody is in."""
        self.log_in_ic = self.log_in_attempt = self.half_way = None

    def take_next(self) -> str:
        """Where somebody wanted to go when the log-in came between, once; else the dashboard."""
        wanted, self.next = self.next, None
        return wanted or "dashboard"


def facts(request: HttpRequest) -> Facts:
    return Facts(request.session)
