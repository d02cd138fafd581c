"""Lets the clock strike a week before cover ends: `python -m tests.journeys.remind NUMBER`.

On the data of a running portal; NUMBER is the receipt's. The worker then sends what was queued.
"""

import sys
from datetime import timedelta

import django

django.setup()

from django.utils import timezone  # noqa: E402 (all of these need loaded apps)

from contributions.services import reminders  # noqa: E402
from foundation.outbox import OutboxRow  # noqa: E402
from receipts.models import Receipt  # noqa: E402

if __name__ == "__main__":
    receipt = Receipt.objects.get(number=sys.argv[1])
    # Days are Malaysia's: what ends there just after midnight ends a day earlier in UTC.
    noon = timezone.localtime(receipt.coverage_ends_at).replace(hour=12) - timedelta(days=7)
    print(reminders.remind(at=noon, most=1000))
    # What was queued is due at that noon; the worker need not wait for it.
    OutboxRow.objects.pending().update(next_attempt_at=timezone.now())
