"""The one job that reads the clock more than once."""

import logging
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from payments.gateway import Unreachable
from payments.models import Payment
from payments.services import enquiries

log = logging.getLogger(__name__)
_MOST_PER_RUN = 500


def enquire_undecided(*, at: datetime) -> None:
    """Asks FPX about every payment whose turn has come; stops when FPX does not answer."""
    due = list(Payment.objects.to_enquire(at)[:_MOST_PER_RUN])
    for first in range(0, len(due), settings.FPX_ENQUIRIES_AT_ONCE):
        together = due[first : first + settings.FPX_ENQUIRIES_AT_ONCE]
        try:
            # The clock is read for each few: an answer's moment may become a receipt's.
            enquiries.enquire_together(payments=together, at=timezone.now())
        except Unreachable as error:
            log.warning("FPX does not answer enquiries: %s", error)
            break
