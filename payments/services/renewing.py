"""The same again in one act: confirm, submit, owe and pay, by the services of the long way."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from accounts.services import persons
from contributions.coverage import Period, next_period
from contributions.models import Contribution, CoveragePeriod, PlanChoice, PlanRate
from contributions.services import contributing
from foundation.wording import local
from payments.models import Bank, Payment
from payments.services import attempts
from registration.models import Registration
from registration.next_action import Action
from registration.services import submission

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class SameAgain:
    """What one press buys: the rate of last time and its period; until when the papers are good.

    `period` is exact while cover runs; after it, it is that of a payment at this moment.
    """

    rate: PlanRate
    period: Period
    papers_until: date


def same_again(*, registration: Registration, at: datetime) -> SameAgain | None:
    """None where something must be looked at first: papers, plan, an undecided payment."""
    choice: PlanChoice | None = getattr(registration, "plan_choice", None)
    if choice is None or not choice.rate.is_on_offer(local(at).date()):
        return None
    assessment = registration.assessment(at)
    if registration.next_action(assessment.next_step) != Action.RENEW:
        return None
    cover = CoveragePeriod.objects.of(registration).cover(at)
    held = Contribution.objects.open().held().filter(registration=registration)
    if cover.renewable_from or held.exists():
        return None
    papers = [one for one in registration.live_documents if one.kind in assessment.kinds]
    return SameAgain(
        rate=choice.rate,
        period=next_period(cover.last, issued_at=at, months=choice.rate.months),
        papers_until=min(one.expiry_date for one in papers if one.expiry_date),
    )


@transaction.atomic
def renew_at_once(
    *,
    registration: Registration,
    bank: Bank,
    buyer_email: str,
    by: "User",
    at: datetime,
    language: str,
) -> Payment:
    """Renews as last time and begins the payment; raises what its parts raise, and does nothing."""
    persons.lock_person(registration.user)
    submission.renew_registration(registration=registration, by=by, at=at)
    owed = contributing.submit_and_pay(registration=registration, by=by, at=at)
    if owed is None:
        raise attempts.NotPayable
    return attempts.start_payment(
        contribution=owed, bank=bank, buyer_email=buyer_email, at=at, language=language
    )
