"""Contributions as officers see them; the rates on offer are a superuser's to edit."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contributions.models import (
    Contribution,
    ContributionStatusChange,
    CoveragePeriod,
    Plan,
    PlanRate,
)
from foundation import audit
from foundation.admin import (
    HistoryInline,
    ReadOnlyAdmin,
    column,
    ic_column,
    moment_column,
)
from foundation.desk import DeskAdmin
from foundation.wording import ringgit


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


@admin.register(Plan)
class PlanAdmin(ReadOnlyAdmin):
    """The rates of insured earnings."""

    list_display = ["number", "insured_monthly_earnings"]


@admin.register(PlanRate)
class PlanRateAdmin(DeskAdmin):
    """What a plan costs and from when to when; a contribution keeps the amount that it copied."""

    list_display = ["plan", "months", amount, "available_from", "available_to"]
    list_filter = ["months"]
    list_select_related = ["plan"]
    fields = ["plan", "months", "amount", "available_from", "available_to"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: PlanRate, form: Any, change: bool) -> None:
        """Keeps who changed what beside Django's own log."""
        super().save_model(request, obj, form, change)
        changes = {name: str(form.cleaned_data[name]) for name in form.changed_data}
        audit.record("change_plan_rate", subject=obj, by=request.user, at=timezone.now(), **changes)
