"""The dated document rules, as rows that staff edit."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation import triggers
from foundation.date_range import BOTH_DAYS, DateRange
from registration import eligibility
from registration.models.choices import DocumentKind, Region, Sector


class DocumentRuleQuerySet(models.QuerySet["DocumentRule"]):
    """Filters over rules."""

    def in_force(self, day: date) -> "DocumentRuleQuerySet":
        """Those that speak of `day` (a day in Malaysia)."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)

    def as_rules(self) -> tuple[eligibility.Rule, ...]:
        return tuple(rule.as_rule() for rule in self.order_by("pk"))


class DocumentRule(models.Model):
    """From when to when a kind of document counts in a sector and region, and how far.

    The driving licence is needed by all and has no row. A dated fact: it is never edited, only
    ended and followed by another (`rules.follow_rule`); the guide's cut-off of Profil Pemandu on 11
    July 2019 is one row's `valid_to`. On one day no two rows speak of the same kind in one place.
    """

    class Outcome(models.TextChoices):
        """What such a document does."""

        ACCEPT = "accept", _("Diterima")
        REFER = "refer", _("Dirujuk kepada pegawai")

    sector = models.CharField(_("jenis perkhidmatan"), max_length=12, choices=Sector.choices)
    region = models.CharField(_("kawasan"), max_length=12, choices=Region.choices)
    kind = models.CharField(_("dokumen"), max_length=20, choices=DocumentKind.choices)
    outcome = models.CharField(
        _("kesan"), max_length=8, choices=Outcome.choices, default=Outcome.ACCEPT
    )
    valid_from = models.DateField(_("sah dari"), default=date(2017, 6, 1))
    valid_to = models.DateField(_("sah hingga"), null=True, blank=True)
    minimum_age = models.PositiveSmallIntegerField(
        _("umur minimum"), null=True, blank=True, help_text=_("Syarat kad itu, bukan skim.")
    )

    objects = DocumentRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("peraturan dokumen")
        verbose_name_plural = _("peraturan dokumen")
        constraints = [
            ExclusionConstraint(
                name="document_rule_once_a_day",
                expressions=[
                    ("sector", RangeOperators.EQUAL),
                    ("region", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (
                        DateRange("valid_from", "valid_to", BOTH_DAYS),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.CheckConstraint(
                condition=~Q(kind=DocumentKind.DRIVING_LICENCE),
                name="document_rule_not_of_the_licence",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="document_rule_in_order",
            ),
        ]
        triggers = triggers.dated_fact("valid_to")

    def __str__(self) -> str:
        return (
            f"{self.get_sector_display()} · {self.get_region_display()} · {self.get_kind_display()}"
        )

    def as_rule(self) -> eligibility.Rule:
        return eligibility.Rule(
            sector=self.sector,
            region=self.region,
            kind=self.kind,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            refers=self.outcome == self.Outcome.REFER,
            minimum_age=self.minimum_age,
        )
