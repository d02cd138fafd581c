"""Plans and their rates, and what is owed."""

import uuid
from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation import triggers
from foundation.date_range import BOTH_DAYS, DateRange
from foundation.states import StatusChange, Transitions
from registration.models import Registration

# What FPX takes at one time, in ringgit.
LEAST, MOST = Decimal("1.00"), Decimal("30000.00")


class PlanRateQuerySet(models.QuerySet["PlanRate"]):
    """Filters over rates."""

    def on_offer(self, day: date) -> "PlanRateQuerySet":
        """Rates that may be chosen on `day` (a day in Malaysia)."""
        open_ended = Q(available_to=None) | Q(available_to__gte=day)
        return self.filter(open_ended, available_from__lte=day)


class PlanRate(models.Model):
    """What a plan insures and costs for a number of months, from one day to another.

    A dated fact: it is never edited, only ended and followed by another (`plans.follow_rate`). On
    one day no two rates are on offer for the same plan and months.
    """

    class Months(models.IntegerChoices):
        """For how long one may pay ahead."""

        MONTH = 1, _("Sebulan")
        YEAR = 12, _("Setahun")

    plan_number = models.PositiveSmallIntegerField()
    months = models.PositiveSmallIntegerField(choices=Months.choices)
    insured_monthly_earnings = models.DecimalField(max_digits=8, decimal_places=2)
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    available_from = models.DateField()
    available_to = models.DateField(null=True, blank=True)

    objects = PlanRateQuerySet.as_manager()

    class Meta:
        ordering = ["plan_number", "months", "available_from"]
        constraints = [
            ExclusionConstraint(
                name="plan_rate_once_a_day",
                expressions=[
                    ("plan_number", RangeOperators.EQUAL),
                    ("months", RangeOperators.EQUAL),
                    (
                        DateRange("available_from", "available_to", BOTH_DAYS),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.CheckConstraint(
                condition=Q(available_to=None) | Q(available_to__gte=F("available_from")),
                name="plan_rate_in_order",
            ),
            models.CheckConstraint(
                condition=Q(months__in=[1, 12], insured_monthly_earnings__gt=0)
                & Q(amount__gte=LEAST, amount__lte=MOST),
                name="plan_rate_real",
            ),
        ]
        triggers = triggers.dated_fact("available_to")

    def __str__(self) -> str:
        return f"Pelan {self.plan_number} × {self.months}"

    def is_on_offer(self, day: date) -> bool:
        """True when it may be chosen on `day` (a day in Malaysia)."""
        return self.available_from <= day <= (self.available_to or date.max)


class PlanChoice(models.Model):
    """The rate that the driver has ticked for a registration; nothing is owed for it yet."""

    registration = models.OneToOneField(
        Registration, models.CASCADE, related_name="plan_choice", primary_key=True
    )
    rate = models.ForeignKey(PlanRate, models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.rate)


class ContributionQuerySet(models.QuerySet["Contribution"]):
    """Filters over contributions."""

    def for_user(self, user: "User") -> "ContributionQuerySet":
        """Their own: the only way that pages fetch contributions."""
        return self.filter(registration__user=user)

    def open(self) -> "ContributionQuerySet":
        return self.filter(status=Contribution.Status.OPEN)

    def held(self) -> "ContributionQuerySet":
        """Those that money may be on its way for."""
        return self.filter(held_at__isnull=False)

    def undropped(self) -> "ContributionQuerySet":
        """All but those that another choice replaced."""
        return self.exclude(status=Contribution.Status.DROPPED)


class Contribution(models.Model):
    """What is owed for one plan and period; plan, months and amount are copied when it is made."""

    class Status(models.TextChoices):
        """Owed, paid, or replaced by another choice."""

        OPEN = "open", _("Belum dibayar")
        PAID = "paid", _("Dibayar")
        DROPPED = "dropped", _("Diganti")

    TRANSITIONS: ClassVar[Transitions] = {
        Status.OPEN: {Status.PAID, Status.DROPPED},
        Status.PAID: set(),
        # Money that comes after all, for a choice since replaced, is still paid.
        Status.DROPPED: {Status.PAID},
    }
    TONES: ClassVar[dict[str, str]] = {
        Status.OPEN: "warning",
        Status.PAID: "success",
        Status.DROPPED: "neutral",
    }

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="contributions")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    plan_number = models.PositiveSmallIntegerField()
    insured_monthly_earnings = models.DecimalField(max_digits=8, decimal_places=2)
    months = models.PositiveSmallIntegerField()
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    created_at = models.DateTimeField()
    held_at = models.DateTimeField(
        null=True, blank=True, help_text="Set while an attempt to pay it is undecided."
    )

    objects = ContributionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration"],
                condition=Q(status="open"),
                name="contribution_open_once_per_registration",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, months__gt=0), name="contribution_real"
            ),
        ]
        triggers = triggers.life_cycle()

    def __str__(self) -> str:
        return f"Pelan {self.plan_number} × {self.months}"

    @property
    def is_held(self) -> bool:
        """True while money for it may be on its way, so that it must not be dropped."""
        return self.held_at is not None

    def is_for(self, rate: PlanRate) -> bool:
        """True when it is what this rate would be copied to."""
        chosen = (rate.plan_number, rate.insured_monthly_earnings, rate.months, rate.amount)
        mine = (self.plan_number, self.insured_monthly_earnings, self.months, self.amount)
        return mine == chosen


class ContributionStatusChange(StatusChange):
    """History of one contribution."""

    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="status_changes")
