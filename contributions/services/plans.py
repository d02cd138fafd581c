"""Plans and rates as the scheme fixed them, and the one that a driver ticks."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contributions.models import Contribution, PlanChoice, PlanRate
from foundation.refusals import Refusal
from foundation.wording import local, ringgit
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


class RateNotOnOffer(Refusal):
    """The rate cannot be chosen on this day: not yet, or no longer."""

    words = _("Pelan ini tidak ditawarkan sekarang. Pilih pelan caruman")


class RateHasFollowed(RateNotOnOffer):
    """Another rate has taken the place of what was ticked or owed; its words state both."""

    words = _("Kadar pelan anda telah berubah")

    def __init__(self, old: PlanRate | Contribution, new: PlanRate) -> None:
        words = gettext(
            "Kadar Pelan %(plan)d telah berubah sejak anda memilihnya: dahulu %(old)s, sekarang "
            "%(new)s. Pilih pelan caruman sekali lagi"
        )
        facts = {"plan": new.plan_number, "old": said(old), "new": said(new)}
        super().__init__(words % facts)
        self.new = new


class FollowsTooSoon(Refusal):
    """A fact may follow from tomorrow on: what is in force today stays as it is."""

    words = _("Hari pertama mesti selepas hari ini")


def said(rate: PlanRate | Contribution) -> str:
    """Such as "RM13.10 sebulan, pendapatan diinsuranskan RM1,050.00"."""
    per = {1: gettext("%(amount)s sebulan"), 12: gettext("%(amount)s setahun")}
    earnings = gettext("pendapatan diinsuranskan %(earnings)s")
    amount = per[rate.months] % {"amount": ringgit(rate.amount)}
    return f"{amount}, {earnings % {'earnings': ringgit(rate.insured_monthly_earnings)}}"


def least_by_the_month(at: datetime) -> Decimal | None:
    """The least that a month costs on the day of `at`; None when none is sold by the month."""
    rates = PlanRate.objects.on_offer(local(at).date()).filter(months=1)
    return min((rate.amount for rate in rates), default=None)


@transaction.atomic
def load_plans() -> int:
    """Writes the rates of plans and months that have none; returns how many."""
    there = set(PlanRate.objects.values_list("plan_number", "months"))
    missing = [
        PlanRate(
            plan_number=number,
            months=months,
            insured_monthly_earnings=Decimal(PLANS[number]),
            amount=Decimal(amount),
            available_from=available_from,
        )
        for number, months, amount, available_from in RATES
        if (number, months) not in there
    ]
    return len(PlanRate.objects.bulk_create(missing))


@dataclass(frozen=True)
class Price:
    """What a plan costs and insures, in ringgit."""

    amount: Decimal
    insured_monthly_earnings: Decimal


@transaction.atomic
def follow_rate(
    *, plan_number: int, months: int, effective_from: date, price: Price | None, at: datetime
) -> PlanRate | None:
    """From `effective_from` on the plan costs `price`, or with None is no longer on offer.

    The rate of the day before ends with it, and what was planned for later never comes; what is
    owed and paid keeps the amount that it copied. Raises FollowsTooSoon.
    """
    if effective_from <= local(at).date():
        raise FollowsTooSoon
    rates = PlanRate.objects.select_for_update(no_key=True).filter(
        plan_number=plan_number, months=months
    )
    last_day = effective_from - timedelta(days=1)
    rates.filter(available_from__gte=effective_from).delete()
    rates.on_offer(effective_from).update(available_to=last_day)
    if price is None:
        return None
    return PlanRate.objects.create(
        plan_number=plan_number,
        months=months,
        insured_monthly_earnings=price.insured_monthly_earnings,
        amount=price.amount,
        available_from=effective_from,
    )


@dataclass(frozen=True)
class Held:
    """How many drivers hold a rate that will end: ticked it, or owe it and have not paid."""

    ticked: int
    owed: int


def held(*, plan_number: int, months: int) -> Held:
    """Who must choose again once another rate follows; what money is on its way for stays."""
    choices = PlanChoice.objects.filter(rate__plan_number=plan_number, rate__months=months)
    owed = Contribution.objects.open().filter(plan_number=plan_number, months=months)
    drafts = choices.filter(registration__status=Registration.Status.DRAFT)
    unsent = drafts.exclude(registration__contributions__in=owed)
    return Held(ticked=unsent.count(), owed=owed.filter(held_at=None).count())


def choose_plan(*, registration: Registration, rate: PlanRate, at: datetime) -> PlanChoice:
    """Keeps the rate that the driver ticked; nothing is owed yet. Raises RateNotOnOffer."""
    check_on_offer(rate, at)
    choice, _is_new = PlanChoice.objects.update_or_create(
        registration=registration, defaults={"rate": rate, "chosen_at": at}
    )
    return choice


def check_on_offer(rate: PlanRate, at: datetime) -> None:
    """Raises RateNotOnOffer unless the rate may be chosen on the day of `at` in Malaysia."""
    if not rate.is_on_offer(local(at).date()):
        raise _what_followed(rate, at)


def check_still_offered(contribution: Contribution, at: datetime) -> None:
    """Raises RateNotOnOffer unless what was copied is still for sale, at the same price."""
    choice: PlanChoice | None = getattr(contribution.registration, "plan_choice", None)
    if choice and contribution.is_for(choice.rate) and choice.rate.is_on_offer(local(at).date()):
        return
    refusal = _what_followed(contribution, at)
    if not (isinstance(refusal, RateHasFollowed) and contribution.is_for(refusal.new)):
        raise refusal


def _what_followed(old: PlanRate | Contribution, at: datetime) -> RateNotOnOffer:
    rates = PlanRate.objects.on_offer(local(at).date())
    new = rates.filter(plan_number=old.plan_number, months=old.months).first()
    return RateHasFollowed(old, new) if new else RateNotOnOffer()
