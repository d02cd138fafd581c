"""Plans and rates as the scheme fixed them, and the one that a driver ticks."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from contributions.models import Contribution, Plan, PlanChoice, PlanRate
from foundation.wording import local
from registration.models import Registration

# Act 789's four plans: insured earnings a month, then what a month and a year of cover cost.
# The sums are the scheme's table, not 1.25 % of the earnings: each was rounded to ten sen.
PLANS = {
    1: ("1050.00", {1: "13.10", 12: "157.20"}),
    2: ("1550.00", {1: "19.40", 12: "232.80"}),
    3: ("2950.00", {1: "36.90", 12: "442.80"}),
    4: ("3950.00", {1: "49.40", 12: "592.80"}),
}
# The scheme began with twelve months paid ahead; paying by the month came in 2019.
AVAILABLE_FROM = {12: date(2017, 6, 1), 1: date(2019, 1, 1)}


class RateNotOnOffer(Exception):
    """The rate cannot be chosen on this day: not yet, or no longer."""

    def __init__(self) -> None:
        super().__init__(_("Pelan ini tidak ditawarkan sekarang. Pilih pelan caruman"))


@transaction.atomic
def load_plans() -> int:
    """Writes the plans and rates that are missing, edited ones stay; returns how many rates."""
    loaded = 0
    for number, (earnings, amounts) in PLANS.items():
        plan, _is_new = Plan.objects.get_or_create(
            number=number, defaults={"insured_monthly_earnings": Decimal(earnings)}
        )
        for months, amount in amounts.items():
            _rate, is_new = PlanRate.objects.get_or_create(
                plan=plan,
                months=months,
                available_from=AVAILABLE_FROM[months],
                defaults={"amount": Decimal(amount)},
            )
            loaded += is_new
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
