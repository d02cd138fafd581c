"""Plans and their rates, what is owed, and the coverage period that it buys."""

from contributions.models.contributions import (
    Contribution,
    ContributionQuerySet,
    ContributionStatusChange,
    Plan,
    PlanChoice,
    PlanRate,
    PlanRateQuerySet,
)
from contributions.models.cover import (
    CoveragePeriod,
    CoveragePeriodQuerySet,
    Reminder,
    TsTzRange,
)

__all__ = [
    "Contribution",
    "ContributionQuerySet",
    "ContributionStatusChange",
    "CoveragePeriod",
    "CoveragePeriodQuerySet",
    "Plan",
    "PlanChoice",
    "PlanRate",
    "PlanRateQuerySet",
    "Reminder",
    "TsTzRange",
]
