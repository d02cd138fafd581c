"""Stops waiting for a bank that does not decide: an officer's act on the case of such a payment.

A code 99, or enquiries without an answer, would else keep its driver from paying for ever.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from foundation import audit, outbox, states
from foundation.refusals import Refusal
from payments.models import Payment, PaymentCase
from payments.services import attempts, cases
from payments.tasks import send_waiting_stopped

if TYPE_CHECKING:
    from accounts.models import User


class NothingUndecided(Refusal):
    """The case waits for something else, or the payment has been decided meanwhile."""

    words = _("Bayaran ini telah diputuskan, jadi tiada apa yang ditunggu lagi.")


@transaction.atomic
def stop_waiting(*, case: PaymentCase, reason: str, by: "User", at: datetime) -> PaymentCase:
    """Expires the case's payment, so that its driver may pay again, and is told; closes the case.

    Good news that comes later credits it all the same. Raises CaseNotOpen and NothingUndecided.
    """
    locked = cases.lock_open(case)
    if not locked.is_still_undecided or locked.payment is None:
        raise NothingUndecided
    payment = locked.payment
    payment.contribution = attempts.lock_contribution(payment.contribution_id)
    states.move(payment, Payment.Status.EXPIRED, by=by, at=at, note=reason)
    attempts.release_decided(payment=payment, at=at)
    explained = PaymentCase.Resolution.EXPLAINED
    cases.mark_closed(case=locked, resolution=explained, reason=reason, by=by, at=at)
    outbox.add(send_waiting_stopped, payment.pk, at=at)
    audit.record("waiting_stopped", subject=locked, by=by, at=at, payment=payment.reference)
    return locked
