"""Contributions as officers see them, and the rates on offer."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from contributions.models import (
    Contribution,
    ContributionStatusChange,
    CoveragePeriod,
    PlanRate,
)
from foundation.admin import (
    HistoryInline,
    ReadOnlyAdmin,
    column,
    ic_column,
    moment_column,
)
from foundation.desk import proposing
from foundation.wording import ringgit

_ABOUT = ("plan_number", "months")


class HistoryOfContribution(HistoryInline):
    """How the contribution came where it is."""

    model = ContributionStatusChange


@column(_("Amaun"), sorts_by="amount")
def amount(row: Contribution | PlanRate) -> str:
    return ringgit(row.amount)


@column(_("Nama"))
def payer(contribution: Contribution) -> str:
    return contribution.registration.user.full_name


@admin.register(Contribution)
class ContributionAdmin(ReadOnlyAdmin):
    """What is owed and what was paid."""

    list_display = [
        payer,
        ic_column("registration.user"),
        "registration",
        "status",
        "plan_number",
        "months",
        amount,
        moment_column("created_at", _("Dicipta")),
    ]
    list_filter = ["status", "plan_number", "months"]
    list_select_related = ["registration__user"]
    search_fields = ["registration__user__ic_number_index__exact"]
    search_help_text = _("Nombor kad pengenalan, 12 angka")
    inlines = [HistoryOfContribution]
    fields = list_display


@admin.register(CoveragePeriod)
class CoveragePeriodAdmin(ReadOnlyAdmin):
    """Who is covered from when to when."""

    list_display = [
        "user",
        ic_column("user"),
        "sector",
        moment_column("coverage_starts_at", _("Mula")),
        moment_column("coverage_ends_at", _("Tamat")),
    ]
    list_filter = ["sector"]
    list_select_related = ["user"]
    search_fields = ["user__ic_number_index__exact"]
    search_help_text = _("Nombor kad pengenalan, 12 angka")
    ordering = ["-coverage_starts_at"]
    fields = [*list_display, moment_column("anchor_at", _("Permulaan rantaian"))]


@admin.register(PlanRate)
class PlanRateAdmin(ReadOnlyAdmin):
    """What a plan insures and costs, from when to when; another follows by two officers."""

    list_display = [
        "plan_number",
        "months",
        amount,
        "insured_monthly_earnings",
        "available_from",
        "available_to",
    ]
    list_filter = ["plan_number", "months"]
    fields = list_display

    def get_list_display(self, request: HttpRequest) -> Any:
        """With the way to propose another, for whoever may."""
        return proposing(request, self.list_display, "contributions_planrate", _ABOUT)
