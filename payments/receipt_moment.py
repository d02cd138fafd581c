"""Which moment starts the cover: the moment that the receipt states.

The law counts from the moment at which the contribution is paid, as certified by the receipt.
FPX's own time is set when the payer arrives at FPX, some minutes before the money moves; the
message that certifies the payment may come late. Hence: when the first success was stored, but
not later than the longest bank session after FPX's time, or after the attempt began where a clock
puts FPX's time before it.
"""

from datetime import datetime, timedelta

# The longest a bank session lasts: cover starts at most this long after FPX's own time.
BANK_SESSION_LIMIT = timedelta(minutes=15)
CLOCK_TOLERANCE = timedelta(minutes=2)


def receipt_moment(
    *,
    started_at: datetime,
    stored_at: datetime,
    fpx_at: datetime | None,
    session_limit: timedelta,
    was_authorised_later: bool,
) -> datetime:
    """The moment, to the second.

    `started_at` is when the payer was sent to FPX, `stored_at` when the first verified success was
    stored, `fpx_at` FPX's transaction time. Where there is none, or a second person authorised
    later, it is the stored moment.
    """
    moment = stored_at
    if fpx_at is not None and not was_authorised_later:
        moment = min(stored_at, max(started_at, fpx_at) + session_limit)
    return moment.replace(microsecond=0)


def is_clock_wrong(*, started_at: datetime, fpx_at: datetime, stored_at: datetime) -> bool:
    """True when FPX's time lies before the attempt began or after its message was stored.

    Two minutes either way are the slack of honest clocks.
    """
    return not started_at - CLOCK_TOLERANCE <= fpx_at <= stored_at + CLOCK_TOLERANCE
