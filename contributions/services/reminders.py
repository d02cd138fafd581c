"""Reminds people of the end of their cover, each time once, however many clocks tick."""

from datetime import datetime
from itertools import chain

from django.db import transaction

from contributions.models import CoveragePeriod, Reminder
from contributions.reminder_schedule import Round, rounds
from contributions.tasks import send_reminder, send_reminder_sms
from foundation import outbox

# A run a minute: one that comes after an outage must not hold up codes and receipts.
MOST_PER_RUN = 100


def remind(*, at: datetime, most: int = MOST_PER_RUN) -> int:
    """Queues the mail and the SMS of reminders that are due; returns of how many people.

    The end that is nearest comes first, so that after an outage nobody is told too late.
    """
    last_first = reversed(list(rounds(at)))
    due = chain.from_iterable(_due(one, most) for one in last_first)
    queued = 0
    for period, days_before in due:
        if queued == most:
            break
        queued += _queue(period, days_before, at)
    return queued


def _due(one: Round, most: int) -> list[tuple[CoveragePeriod, int]]:
    periods = CoveragePeriod.objects.to_remind(one).order_by("coverage_ends_at")[:most]
    return [(period, one.days_before) for period in periods]


@transaction.atomic
def _queue(period: CoveragePeriod, days_before: int, at: datetime) -> bool:
    """False when another clock was quicker, or nobody has an account to be told by."""
    account = period.account
    if account is None:
        return False
    reminder, is_new = Reminder.objects.get_or_create(
        user=account,
        sector=period.sector,
        coverage_ends_at=period.coverage_ends_at,
        days_before=days_before,
        defaults={"created_at": at},
    )
    if is_new:
        outbox.add_all((send_reminder, send_reminder_sms), reminder.pk, at=at)
    return is_new
