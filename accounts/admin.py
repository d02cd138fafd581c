"""Accounts as officers see them: who somebody is, masked; nothing to type into."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models import (
    AccountCase,
    AccountCaseStatusChange,
    Correction,
    CorrectionStatusChange,
    User,
)
from foundation.admin import (
    HistoryInline,
    ReadOnlyAdmin,
    column,
    flag_column,
    ic_column,
    moment_column,
)
from foundation.wording import masked_email, masked_phone


@column(_("Telefon"))
def phone(user: User) -> str:
    return masked_phone(user.phone)


@column(_("E-mel"))
def email(user: User) -> str:
    return masked_email(user.email)


REVEALING = ["accounts.view_whole_ic_number", "accounts.view_whole_contact"]
SHOWN = [
    "full_name",
    ic_column(""),
    phone,
    email,
    moment_column("created_at", _("Dicipta")),
    moment_column("opened_at", _("Dibuka")),
]


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    """Drivers, sign-ups and officers; phrase and password stand nowhere."""

    list_display = [*SHOWN, flag_column("is_staff", _("Pegawai"))]
    list_filter = ["is_staff", "is_active", ("opened_at", admin.EmptyFieldListFilter)]
    search_fields = ["ic_number_index__exact", "username__exact"]
    search_help_text = _("Nombor kad pengenalan, 12 angka, atau nama pengguna pegawai")
    ordering = ["-created_at", "-pk"]
    fields = [
        *list_display,
        "whole",
        "language",
        flag_column("is_active", _("Aktif")),
        flag_column("is_superuser", _("Kuasa penuh")),
    ]

    def get_list_display(self, request: HttpRequest) -> Any:
        """Phone and e-mail, masked as they are, are columns for those who need them."""
        return _shown_to(request.user, super().get_list_display(request))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Likewise on the page of one person."""
        return _shown_to(request.user, super().get_fields(request, obj))

    @column(_("Maklumat penuh"))
    def whole(self, user: User) -> str:
        """The way to what is masked, which asks for a purpose."""
        url = reverse("admin:accounts_user_reveal", args=[user.pk])
        return format_html('<a href="{}">{}</a>', url, _("Dedahkan maklumat"))


def _shown_to(officer: Any, names: Any) -> list[Any]:
    hidden: set[Any] = set() if officer.has_perm("accounts.view_contact") else {phone, email}
    if not any(officer.has_perm(permission) for permission in REVEALING):
        hidden.add("whole")
    return [name for name in names if name not in hidden]


class HistoryOfCorrection(HistoryInline):
    """Who decided a correction, and when."""

    model = CorrectionStatusChange


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin):
    """Names and IC numbers to be put right; a second officer decides on a page of its own."""

    list_display = [
        "old_full_name",
        "full_name",
        "decision_link",
        "status",
        "proposed_by",
        moment_column("proposed_at", _("Dicadangkan")),
        "decided_by",
        moment_column("decided_at", _("Diputuskan")),
    ]
    list_filter = ["status"]
    list_select_related = ["proposed_by", "decided_by"]
    fields = [*list_display, "reason"]
    inlines = [HistoryOfCorrection]

    @column(_("Keputusan"))
    def decision_link(self, correction: Correction) -> str:
        """The way to the decision."""
        url = reverse("admin:accounts_correction_decide", args=[correction.pk])
        words = _("Lihat")
        name = correction.old_full_name
        return format_html('<a href="{}" aria-label="{} {}">{}</a>', url, words, name, words)


class HistoryOfAccountCase(HistoryInline):
    """Who moved a case, and when."""

    model = AccountCaseStatusChange


class OpenFilter(admin.SimpleListFilter):
    """Cases that an officer has yet to decide."""

    title = _("terbuka")
    parameter_name = "terbuka"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("ya", _("Belum diputuskan"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.opened() if self.value() == "ya" else queryset


@admin.register(AccountCase)
class AccountCaseAdmin(ReadOnlyAdmin):
    """Cases about accounts, oldest first; an officer decides on a page of its own."""

    list_display = [
        "reference",
        "kind",
        "full_name",
        ic_column(""),
        "decision_link",
        "status",
        moment_column("reported_at", _("Dilaporkan")),
        "decided_by",
        moment_column("decided_at", _("Diputuskan")),
    ]
    list_filter = [OpenFilter, "status", "kind"]
    list_select_related = ["decided_by"]
    search_fields = ["reference__exact", "ic_number_index__exact"]
    search_help_text = _("Rujukan, atau nombor kad pengenalan, 12 angka")
    fields = [*list_display, "decision_note", moment_column("takes_effect_at", _("Berkuat kuasa"))]
    inlines = [HistoryOfAccountCase]

    @column(_("Keputusan"))
    def decision_link(self, case: AccountCase) -> str:
        """The way to the decision."""
        url = reverse("admin:accounts_accountcase_decide", args=[case.pk])
        words = _("Lihat")
        reference = case.reference
        return format_html('<a href="{}" aria-label="{} {}">{}</a>', url, words, reference, words)
