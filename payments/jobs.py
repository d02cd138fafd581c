"""What the clock starts for payments."""

import logging

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from payments.gateway import Unreachable
from payments.models import Payment
from payments.services import banks, certificates, enquiries, invariants, nonsense, reconciliation

log = logging.getLogger(__name__)
_MOST_PER_RUN = 500


@shared_task(name="payments.enquire_undecided")
def enquire_undecided() -> None:
    """Asks FPX about every payment whose turn has come; stops when FPX does not answer."""
    due = list(Payment.objects.to_enquire(timezone.now())[:_MOST_PER_RUN])
    for first in range(0, len(due), settings.FPX_ENQUIRIES_AT_ONCE):
        together = due[first : first + settings.FPX_ENQUIRIES_AT_ONCE]
        try:
            # The clock is read for each few: an answer's moment may become a receipt's.
            enquiries.enquire_together(payments=together, at=timezone.now())
        except Unreachable as error:
            log.warning("FPX does not answer enquiries: %s", error)
            break


@shared_task(name="payments.expire_unseen")
def expire_unseen() -> None:
    """Gives up attempts that never reached FPX."""
    enquiries.expire_unseen(at=timezone.now())


@shared_task(name="payments.open_overdue_cases")
def open_overdue_cases() -> None:
    """Shows officers what no bank has decided for three days."""
    enquiries.open_overdue_cases(at=timezone.now())


@shared_task(name="payments.judge_left_over")
def judge_left_over() -> None:
    """Judges messages that were stored and then forgotten."""
    enquiries.judge_left_over(at=timezone.now())


@shared_task(name="payments.refresh_banks")
def refresh_banks() -> None:
    """Asks FPX which banks are online."""
    banks.refresh_banks(at=timezone.now())


@shared_task(name="payments.watch_certificates")
def watch_certificates() -> None:
    """Warns in time of the end of FPX's certificates."""
    certificates.watch_certificates(at=timezone.now())


@shared_task(name="payments.drop_old_nonsense")
def drop_old_nonsense() -> None:
    """Forgets what strangers posted to FPX's addresses."""
    nonsense.drop_old_nonsense(at=timezone.now())


@shared_task(name="payments.alarm_about_invariants")
def alarm_about_invariants() -> None:
    """Looks whether all that must hold does."""
    invariants.alarm_about_invariants(at=timezone.now())


@shared_task(name="payments.collect_settlement_files")
def collect_settlement_files() -> None:
    """Reads what the acquirer left in the inbox."""
    reconciliation.collect_settlement_files(at=timezone.now())


@shared_task(name="payments.alarm_missing_settlement_file")
def alarm_missing_settlement_file() -> None:
    """Tells operators of a day that nobody has reconciled."""
    reconciliation.alarm_missing_settlement_file(at=timezone.now())
