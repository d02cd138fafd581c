"""The coverage period that a contribution buys, and the reminders of its end."""

from datetime import datetime

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q

from accounts.models import User
from contributions.coverage import Cover, Period, cover_at
from contributions.models.contributions import Contribution
from contributions.reminder_schedule import Round
from foundation import triggers
from foundation.wording import local, moment
from registration.models import Registration, Sector


class TsTzRange(Func):
    """PostgreSQL's half-open range of two moments."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


_STAYS = "'coverage period % stays as it was paid for', OLD.id"


class CoveragePeriodQuerySet(models.QuerySet["CoveragePeriod"]):
    """Filters over coverage periods."""

    def for_user(self, user: "User") -> "CoveragePeriodQuerySet":
        """Those of the person whose account it is: the only way that pages fetch periods."""
        return self.filter(person=user.ic_number_index)

    def of(self, registration: Registration) -> "CoveragePeriodQuerySet":
        """Those of one person and sector, which never overlap."""
        return self.for_user(registration.user).filter(sector=registration.sector)

    def current(self, at: datetime) -> "CoveragePeriodQuerySet":
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
        return cover_at([period.as_period() for period in self.current(at)], at)


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
        triggers = [
            # Cover follows its person when the account's IC number is put right.
            triggers.Refusal(
                "kept",
                pgtrigger.Update,
                _STAYS,
                unless="to_jsonb(NEW) - 'person' = to_jsonb(OLD) - 'person' AND NEW.person ="
                " (SELECT ic_number_index FROM accounts_user WHERE id = OLD.user_id)",
            ),
            triggers.Refusal("stays", pgtrigger.Delete, _STAYS),
            triggers.not_emptied(),
        ]

    def __str__(self) -> str:
        starts, ends = moment(self.coverage_starts_at, "ms"), moment(self.coverage_ends_at, "ms")
        return f"{self.get_sector_display()}: {starts} – {ends}"

    @property
    def account(self) -> "User | None":
        """The account that its person has now; another than the period's, if that was closed."""
        return User.objects.opened().filter(ic_number_index=self.person, is_active=True).first()

    def as_period(self) -> Period:
        return Period(
            anchor_at=self.anchor_at,
            months_from_anchor=self.months_from_anchor,
            starts_at=self.coverage_starts_at,
            ends_at=self.coverage_ends_at,
        )


class Reminder(models.Model):
    """That somebody is told of the end of their cover so many days before: once, whoever asks."""

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
        """False once they have renewed, a nearer reminder was due, or the day itself has passed."""
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
