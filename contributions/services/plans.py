"""Plans and rates as the scheme fixed them, and the one that a driver ticks."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from contributions.models import Contribution, Plan, PlanChoice, PlanRate
from foundation.refusals import Refusal
from foundation.wording import local
from registration.models import Registration

# Act 789's plans, by number: the monthly earnings that each insures.
PLANS = {1: "1050.00", 2: "1550.00", 3: "2950.00", 4: "3950.00"}
# The scheme began with twelve months paid ahead; paying by the month came in 2019.
BY_THE_YEAR, BY_THE_MONTH = date(2017, 6, 1), date(2019, 1, 1)
# Plan, months, amount, and from which day on it was first on offer. The sums are the scheme's
# table, not 1.25 % of the earnings: each was rounded to ten sen.
RATES = [
    (1, 1, "13.10", BY_THE_MONTH),
    (1, 12, "157.20", BY_THE_YEAR),
    (2, 1, "19.40", BY_THE_MONTH),
    (2, 12, "232.80", BY_THE_YEAR),
    (3, 1, "36.90", BY_THE_MONTH),
    (3, 12, "442.80", BY_THE_YEAR),
    (4, 1, "49.40", BY_THE_MONTH),
    (4, 12, "592.80", BY_THE_YEAR),
]


def least_by_the_month() -> Decimal:
    """The least that a month costs by the scheme's table; asks no database."""
    return min(Decimal(amount) for _plan, months, amount, _from in RATES if months == 1)


class RateNotOnOffer(Refusal):
    """The rate cannot be chosen on this day: not yet, or no longer."""

    words = _("Pelan ini tidak ditawarkan sekarang. Pilih pelan caruman")


@transaction.atomic
def load_plans() -> int:
    """Writes the plans and rates that are missing, edited ones stay; returns how many rates."""
    loaded = 0
    for number, months, amount, available_from in RATES:
        earnings = {"insured_monthly_earnings": Decimal(PLANS[number])}
        plan, _is_new = Plan.objects.get_or_create(number=number, defaults=earnings)
        # Whatever its first day: officers may have moved it, or put another price in its place.
        if not plan.rates.filter(months=months).exists():
            plan.rates.create(months=months, amount=Decimal(amount), available_from=available_from)
            loaded += 1
    return loaded


def choose_plan(*, registration: Registration, rate: PlanRate, at: datetime) -> PlanChoice:
    """Keeps the rate that the driver ticked; nothing is owed yet. Raises RateNotOnOffer."""
    check_on_offer(rate, at)
    choice, _is_new = PlanChoice.objects.update_or_create(
        registration=registration, defaults={"rate": rate, "chosen_at": at}
    )
    return choice


def check_on_offer(rate: PlanRate, at: datetime) -> None:
    """Raises RateNotOnOffer unless the rate may be chosen on the day of `at` in Malaysia."""
    if not PlanRate.objects.on_offer(local(at).date()).filter(pk=rate.pk).exists():
        raise RateNotOnOffer


def check_still_offered(contribution: Contribution, at: datetime) -> None:
    """Raises RateNotOnOffer unless what was copied is still for sale, at the same price."""
    rates = PlanRate.objects.on_offer(local(at).date()).select_related("plan")
    of_plan = rates.filter(plan__number=contribution.plan_number, months=contribution.months)
    if not any(contribution.is_for(rate) for rate in of_plan):
        raise RateNotOnOffer
