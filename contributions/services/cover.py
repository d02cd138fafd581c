"""Starts the cover that a paid contribution buys."""

from datetime import datetime

from django.db import transaction

from contributions.coverage import next_period
from contributions.models import Contribution, CoveragePeriod
from foundation import states
from registration.services import submission


@transaction.atomic(savepoint=False)
def start_coverage(*, contribution: Contribution, issued_at: datetime) -> CoveragePeriod:
    """Marks the contribution as paid and makes its coverage period, queued behind what runs.

    `issued_at` is the receipt's moment. Called in the crediting transaction, which has locked the
    person and the registration, whatever its status: money that came is cover. Raises ForbiddenMove
    when it was paid before.
    """
    registration = contribution.registration
    previous = CoveragePeriod.objects.of(registration).last()
    period = next_period(
        previous.as_period() if previous else None, issued_at=issued_at, months=contribution.months
    )
    # Nothing that is paid can be dropped: it need not be held.
    states.move(contribution, Contribution.Status.PAID, at=issued_at, held_at=None)
    submission.queue_for_review(registration=registration, at=issued_at)
    return CoveragePeriod.objects.create(
        user=registration.user,
        person=str(registration.user.ic_number_index),
        sector=registration.sector,
        contribution=contribution,
        anchor_at=period.anchor_at,
        months_from_anchor=period.months_from_anchor,
        coverage_starts_at=period.starts_at,
        coverage_ends_at=period.ends_at,
    )
