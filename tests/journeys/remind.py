"""Lets the clock strike a week before cover ends: `python -m tests.journeys.remind NUMBER`.

On the data of a running portal; NUMBER is the receipt's. The worker then sends what was queued.
"""

import sys
from datetime import timedelta

import django

django.setup()

from contributions.services import remind  # noqa: E402 (models need loaded apps)
from receipts.models import Receipt  # noqa: E402

if __name__ == "__main__":
    receipt = Receipt.objects.get(number=sys.argv[1])
    noon = receipt.coverage_ends_at.replace(hour=4) - timedelta(days=7)
    print(remind(at=noon, most=1000))
