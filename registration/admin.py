"""Registrations as officers see them: the queue, and the document rules."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.admin import (
    HistoryInline,
    ReadOnlyAdmin,
    ReadOnlyInline,
    column,
    ic_column,
    moment_column,
)
from foundation.desk import proposing
from foundation.wording import exact_moment, moment
from registration.models import (
    SENT_AGAIN,
    WAITING,
    WAITS_FROM,
    DocumentRule,
    Registration,
    RegistrationStatusChange,
    SupportingDocument,
)


class QueueFilter(admin.SimpleListFilter):
    """Only what an officer must look at."""

    title = gettext_lazy("giliran")
    parameter_name = "giliran"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("menunggu", _("Menunggu pegawai")), ("semula", _("Dihantar semula"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Registration]
    ) -> QuerySet[Registration]:
        if self.value() not in {"menunggu", "semula"}:
            return queryset
        waiting = queryset.filter(WAITING)
        return waiting.filter(SENT_AGAIN) if self.value() == "semula" else waiting


class AgeFilter(admin.SimpleListFilter):
    """How long a case has waited since it was paid, or referred."""

    title = gettext_lazy("umur")
    parameter_name = "umur"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1", _("Lebih 1 hari")), ("2", _("Lebih 2 hari")), ("7", _("Lebih 7 hari"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Registration]
    ) -> QuerySet[Registration]:
        if self.value() not in {"1", "2", "7"}:
            return queryset
        since = timezone.now() - timedelta(days=int(self.value() or 0))
        return queryset.filter(WAITING).alias(since=WAITS_FROM).filter(since__lt=since)


class HistoryOfRegistration(HistoryInline):
    """How the registration came where it is."""

    model = RegistrationStatusChange


@column(gettext_lazy("Saiz"))
def size(document: SupportingDocument) -> str:
    return filesizeformat(document.size)


@column(gettext_lazy("Nombor"))
def number(document: SupportingDocument) -> str:
    """Masked if it is its owner's IC number, as a licence's is."""
    return document.shown_number


class DocumentInline(ReadOnlyInline):
    """Every document, superseded ones too; the files are opened on the review page."""

    model = SupportingDocument
    verbose_name_plural = gettext_lazy("dokumen")
    fields = [
        "kind",
        number,
        "expiry_date",
        "status",
        "media_type",
        size,
        moment_column("uploaded_at", gettext_lazy("Dimuat naik")),
        moment_column("superseded_at", gettext_lazy("Diganti")),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SupportingDocument]:
        return super().get_queryset(request).select_related("registration__user")


@admin.register(Registration)
class RegistrationAdmin(ReadOnlyAdmin):
    """The queue, oldest first; the review desk is where they are decided."""

    list_display = [
        "name",
        "review_link",
        "held_by",
        "since",
        "status",
        ic_column("user"),
        "sector",
        "region",
    ]
    list_filter = [QueueFilter, AgeFilter, "status", "sector", "region"]
    list_select_related = ["user", "claim__officer"]
    ordering = [WAITS_FROM.asc(), F("pk").asc()]
    search_fields = ["user__ic_number_index__exact"]
    search_help_text = gettext_lazy("Nombor kad pengenalan, 12 angka")
    inlines = [DocumentInline, HistoryOfRegistration]
    fields = [
        "name",
        ic_column("user"),
        "sector",
        "region",
        "status",
        "address",
        "operator_name",
        "vehicle_number",
        moment_column("submitted_at", gettext_lazy("Dihantar")),
        moment_column("queued_at", gettext_lazy("Dalam giliran sejak")),
        "paid",
        moment_column("decided_at", gettext_lazy("Diputuskan")),
        "decided_by",
        "reason",
        "reason_note",
        "review_link",
    ]

    @column(gettext_lazy("Nama"))
    def name(self, registration: Registration) -> str:
        return registration.user.full_name

    @column(gettext_lazy("Sejak"), sorts_by=WAITS_FROM)
    def since(self, registration: Registration) -> str:
        """When it was paid or, as one that was referred is not, sent in."""
        at = registration.queued_at or registration.submitted_at
        return moment(at, "ms") if at else ""

    @column(gettext_lazy("Dipegang oleh"))
    def held_by(self, registration: Registration) -> str:
        """The officer whose claim lives."""
        claim = getattr(registration, "claim", None)
        return str(claim.officer) if claim and claim.is_live(timezone.now()) else ""

    @column(gettext_lazy("Dibayar"))
    def paid(self, registration: Registration) -> str:
        """The moment on its last receipt, to the second: cover is counted from it."""
        row = Registration.objects.with_paid_at().get(pk=registration.pk)
        at = row.paid_at  # type: ignore[attr-defined]
        return exact_moment(at) if at else ""

    @column(gettext_lazy("Alamat"))
    def address(self, registration: Registration) -> str:
        return registration.address

    @column(gettext_lazy("Semakan"))
    def review_link(self, registration: Registration) -> str:
        """The way to the decision form."""
        url = reverse("admin:registration_registration_review", args=[registration.pk])
        name = registration.user.full_name
        words = _("Semak")
        return format_html('<a href="{}" aria-label="{} {}">{}</a>', url, words, name, words)


@admin.register(DocumentRule)
class DocumentRuleAdmin(ReadOnlyAdmin):
    """From when to when a document counts; another rule follows by two officers."""

    list_display = [
        "sector",
        "region",
        "kind",
        "outcome",
        "valid_from",
        "valid_to",
        "minimum_age",
    ]
    list_display_links = ["kind"]
    list_filter = ["sector", "region", "kind"]
    fields = list_display

    def get_list_display(self, request: HttpRequest) -> Any:
        """With the way to propose another, for whoever may."""
        about = ("sector", "region", "kind")
        return proposing(request, self.list_display, "registration_documentrule", about)
