"""The machine's clock is wrong, or is set while somebody pays: money, cover and numbers stay whole.

FPX's clock is right; `off` is how far ours is from it when the success is stored.
"""

from datetime import datetime, timedelta

import pytest

from contributions.models import CoveragePeriod
from foundation.wording import MALAYSIA
from payments.models import PaymentCase
from payments.services import invariants
from receipts.models import Receipt
from tests.factories import make_contribution, make_payment, make_registration, tell

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("off", "moment", "is_odd"),
    [
        # Stored before FPX has it: our clock cannot be right, and a person must look.
        (-DAY, MINUTE - DAY, True),
        (-HOUR, MINUTE - HOUR, True),
        # Stored late: as a late message, a quarter of an hour after FPX's time at the most.
        (5 * MINUTE, 6 * MINUTE, False),
        (HOUR, 15 * MINUTE + timedelta(seconds=30), False),
        (DAY, 15 * MINUTE + timedelta(seconds=30), False),
    ],
)
def test_a_clock_that_is_off_credits_once_and_covers(payment, at, off, moment, is_odd):
    tell(payment, at=at + MINUTE + off)
    tell(payment, at=at + 2 * MINUTE, channel="return")  # by a worker whose clock is right
    receipt, period = Receipt.objects.get(), CoveragePeriod.objects.get()
    assert receipt.issued_at == period.coverage_starts_at == at + moment
    assert PaymentCase.objects.filter(kind="anomaly").exists() == is_odd
    assert invariants.check_invariants(at=at - DAY) == []  # a moment at which no act is late yet


@pytest.mark.parametrize("off", [-DAY, -HOUR, HOUR, DAY])
def test_a_clock_set_between_two_payments_makes_no_overlap(contribution, at, off):
    make_payment(contribution, "succeeded", at=at)
    registration = contribution.registration
    registration.refresh_from_db()
    later = at + 2 * MINUTE
    tell(make_payment(make_contribution(registration, at=later), at=later), at=later + off)
    first, second = CoveragePeriod.objects.order_by("coverage_starts_at")
    assert first.coverage_ends_at == second.coverage_starts_at
    assert invariants.check_invariants(at=at - DAY) == []


@pytest.mark.parametrize(
    ("paid_at", "number", "ends_at"),
    [
        ("2026-12-31 23:59:59", "SPS-2026-", "2027-01-31 23:59:59"),
        ("2027-01-01 00:00:00", "SPS-2027-", "2027-02-01 00:00:00"),
        ("2028-02-29 10:00:00", "SPS-2028-", "2028-03-29 10:00:00"),
        ("2028-01-31 10:00:00", "SPS-2028-", "2028-02-29 10:00:00"),
    ],
)
def test_the_calendars_corners(aminah, paid_at, number, ends_at):
    paid_at, ends_at = (
        datetime.fromisoformat(text).replace(tzinfo=MALAYSIA) for text in (paid_at, ends_at)
    )
    began = paid_at - MINUTE
    owed = make_contribution(make_registration(aminah, at=began), at=began)
    tell(make_payment(owed, at=began), at=paid_at)
    receipt = Receipt.objects.get()
    assert receipt.number.startswith(number)
    assert (receipt.coverage_starts_at, receipt.coverage_ends_at) == (paid_at, ends_at)
    assert invariants.check_invariants(at=paid_at) == []
