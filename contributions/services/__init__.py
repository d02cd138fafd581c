"""The stories of a contribution: a plan chosen, a sum owed, cover started."""

from contributions.services.contributing import (
    ContributionHeld,
    MayNotPay,
    NextPeriodAlreadyBought,
    PlanNotChosen,
    check_next_period,
    check_owed,
    hold_contribution,
    next_repeated,
    release_contribution,
    repeat_contribution,
    start_contribution,
    submit_and_pay,
)
from contributions.services.cover import start_coverage
from contributions.services.plans import RateNotOnOffer, choose_plan, load_plans
from contributions.services.reminders import remind

__all__ = [
    "ContributionHeld",
    "MayNotPay",
    "NextPeriodAlreadyBought",
    "PlanNotChosen",
    "RateNotOnOffer",
    "check_next_period",
    "check_owed",
    "choose_plan",
    "hold_contribution",
    "load_plans",
    "next_repeated",
    "release_contribution",
    "remind",
    "repeat_contribution",
    "start_contribution",
    "start_coverage",
    "submit_and_pay",
]
