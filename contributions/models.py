"""Plans and their rates, what is owed, and the coverage period that it buys."""

import uuid
from datetime import date, datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contributions.coverage import Cover, Period, cover_at
from contributions.reminder_schedule import Round
from foundation.states import StatusChange, Transitions
from foundation.wording import local, moment
from registration.models import Registration, Sector


class Plan(models.Model):
    """A rate of insured earnings that the contributor chooses freely."""

    number = models.PositiveSmallIntegerField(unique=True)
    insured_monthly_earnings = models.DecimalField(max_digits=8, decimal_places=2)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"Pelan {self.number}"


class PlanRateQuerySet(models.QuerySet["PlanRate"]):
    """Filters over rates."""

    def on_offer(self, day: date) -> "PlanRateQuerySet":
        """Rates that may be chosen on `day` (a day in Malaysia)."""
        open_ended = Q(available_to=None) | Q(available_to__gte=day)
        return self.filter(open_ended, available_from__lte=day)


class PlanRate(models.Model):
    """What a plan costs for a number of months, and from when to when it is on offer."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="rates")
    months = models.PositiveSmallIntegerField()
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    available_from = models.DateField()
    available_to = models.DateField(null=True, blank=True)

    objects = PlanRateQuerySet.as_manager()

    class Meta:
        ordering = ["plan__number", "months"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "months", "available_from"], name="plan_rate_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0, months__gt=0), name="plan_rate_real"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} × {self.months}"


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
        """His own: the only way that pages fetch contributions."""
        return self.filter(registration__user=user)

    def open(self) -> "ContributionQuerySet":
        """Owed and not yet paid."""
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

    def __str__(self) -> str:
        return f"Pelan {self.plan_number} × {self.months}"

    @property
    def is_held(self) -> bool:
        """True while money for it may be on its way, so that it must not be dropped."""
        return self.held_at is not None

    def is_for(self, rate: PlanRate) -> bool:
        """True when it is what this rate would be copied to."""
        chosen = (rate.plan.number, rate.plan.insured_monthly_earnings, rate.months, rate.amount)
        mine = (self.plan_number, self.insured_monthly_earnings, self.months, self.amount)
        return mine == chosen


class ContributionStatusChange(StatusChange):
    """History of one contribution."""

    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="status_changes")


class TsTzRange(Func):
    """PostgreSQL's half-open range of two moments."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class CoveragePeriodQuerySet(models.QuerySet["CoveragePeriod"]):
    """Filters over coverage periods."""

    def for_user(self, user: "User") -> "CoveragePeriodQuerySet":
        """Those of the person whose account it is: the only way that pages fetch periods."""
        return self.filter(person=user.ic_number_index)

    def of(self, registration: Registration) -> "CoveragePeriodQuerySet":
        """Those of one person and sector, which never overlap."""
        return self.for_user(registration.user).filter(sector=registration.sector)

    def standing(self, at: datetime) -> "CoveragePeriodQuerySet":
        """What runs or waits to begin, and of each sector what ended last: all that is news."""
        ended = self.filter(coverage_ends_at__lte=at)
        last = ended.order_by("sector", "-coverage_ends_at").distinct("sector")
        return self.filter(Q(coverage_ends_at__gt=at) | Q(pk__in=last.values("pk")))

    def to_remind(self, due: Round) -> "CoveragePeriodQuerySet":
        """Those whose end this round is for: not renewed, and not reminded of before."""
        of_same = {"person": OuterRef("person"), "sector": OuterRef("sector")}
        accounts = User.objects.opened().filter(ic_number_index=OuterRef("person"), is_active=True)
        renewed = CoveragePeriod.objects.filter(
            **of_same, coverage_ends_at__gt=OuterRef("coverage_ends_at")
        )
        reminded = Reminder.objects.filter(
            user__ic_number_index=OuterRef("person"),
            sector=OuterRef("sector"),
            coverage_ends_at=OuterRef("coverage_ends_at"),
            days_before=due.days_before,
        )
        return self.filter(
            ~Exists(renewed),
            ~Exists(reminded),
            Exists(accounts),
            coverage_ends_at__gte=due.ends_from,
            coverage_ends_at__lt=due.ends_before,
            coverage_starts_at__lte=F("coverage_ends_at") - due.shortest,
        )

    def cover(self, at: datetime) -> Cover:
        """How one person is covered in one sector; filter by `of` first."""
        return cover_at([period.as_period() for period in self.standing(at)], at)


class CoveragePeriod(models.Model):
    """Cover bought by one paid contribution: half-open, `coverage_ends_at` is no longer covered.

    `anchor_at` is the first start of the unbroken chain and `months_from_anchor` the months paid
    since, this period's included: ends are counted from the anchor, so that twelve months end
    where one year does.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Who is covered: the blind index of the account's IC number, which the database keeps true.
    person = models.CharField(max_length=64)
    sector = models.CharField(max_length=12, choices=Sector.choices)
    contribution = models.OneToOneField(
        Contribution, models.PROTECT, related_name="coverage_period"
    )
    anchor_at = models.DateTimeField()
    months_from_anchor = models.PositiveSmallIntegerField()
    coverage_starts_at = models.DateTimeField()
    coverage_ends_at = models.DateTimeField()

    objects = CoveragePeriodQuerySet.as_manager()

    class Meta:
        ordering = ["coverage_starts_at"]
        constraints = [
            ExclusionConstraint(
                name="coverage_never_overlaps",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("sector", RangeOperators.EQUAL),
                    (
                        TsTzRange("coverage_starts_at", "coverage_ends_at", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.CheckConstraint(
                condition=Q(coverage_ends_at__gt=F("coverage_starts_at")), name="coverage_forward"
            ),
        ]
        indexes = [
            models.Index(fields=["coverage_ends_at"], name="coverage_end"),
            models.Index(fields=["person"], name="coverage_person"),
        ]

    def __str__(self) -> str:
        starts, ends = moment(self.coverage_starts_at, "ms"), moment(self.coverage_ends_at, "ms")
        return f"{self.get_sector_display()}: {starts} – {ends}"

    @property
    def account(self) -> "User | None":
        """The account that its person has now; another than the period's, if that was closed."""
        return User.objects.opened().filter(ic_number_index=self.person, is_active=True).first()

    def as_period(self) -> Period:
        """The row as the rules of cover see it."""
        return Period(
            anchor_at=self.anchor_at,
            months_from_anchor=self.months_from_anchor,
            starts_at=self.coverage_starts_at,
            ends_at=self.coverage_ends_at,
        )


class Reminder(models.Model):
    """That somebody is told of the end of his cover so many days before: once, whoever asks."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sector = models.CharField(max_length=12, choices=Sector.choices)
    coverage_ends_at = models.DateTimeField()
    days_before = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "sector", "coverage_ends_at", "days_before"], name="reminder_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sector} {self.coverage_ends_at}: {self.days_before}"

    def is_news(self, at: datetime) -> bool:
        """False once he has renewed, a nearer reminder was due, or the day itself has passed."""
        of_person = CoveragePeriod.objects.for_user(self.user).filter(sector=self.sector)
        renewed = of_person.filter(coverage_ends_at__gt=self.coverage_ends_at)
        nearer = Reminder.objects.filter(
            user__ic_number_index=self.user.ic_number_index,
            sector=self.sector,
            coverage_ends_at=self.coverage_ends_at,
            days_before__lt=self.days_before,
        )
        is_past = local(at).date() > local(self.coverage_ends_at).date()
        return not (is_past or renewed.exists() or nearer.exists())
