"""Plans and their rates, what is owed, and the coverage period that it buys."""

from contributions.models.contributions import (
    LEAST,
    MOST,
    Contribution,
    ContributionQuerySet,
    ContributionStatusChange,
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
    "LEAST",
    "MOST",
    "Contribution",
    "ContributionQuerySet",
    "ContributionStatusChange",
    "CoveragePeriod",
    "CoveragePeriodQuerySet",
    "PlanChoice",
    "PlanRate",
    "PlanRateQuerySet",
    "Reminder",
    "TsTzRange",
]
