"""Where an act comes from: the request that is being answered, for the audit trail and the log.

Set at the edge, once for each request; a job of the clock or the worker has none.
"""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """The sender's network (/24 or /48, not their address), and the request's own number."""

    network: str = ""
    request_id: str = ""


current: ContextVar[Origin] = ContextVar("origin", default=Origin())  # noqa: B039 (frozen)
