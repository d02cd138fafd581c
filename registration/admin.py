"""Registrations as officers see them: the queue, the one decision form, and the document rules."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.http import UserRequest, posted
from perkeso.admin import (
    HistoryInline,
    ReadOnlyAdmin,
    ReadOnlyInline,
    column,
    ic_column,
    moment_column,
)
from perkeso.states import ForbiddenMove, StaleStatus
from perkeso.wording import local
from registration.forms import DecisionForm
from registration.media import SHOWN_INLINE
from registration.models import (
    DocumentRule,
    Registration,
    RegistrationStatusChange,
    SupportingDocument,
)
from registration.services import (
    NotAwaitingReview,
    allow_registration,
    approve_registration,
    change_document_rule,
    reject_registration,
    return_registration,
)

Status = Registration.Status


class QueueFilter(admin.SimpleListFilter):
    """Only what an officer must look at."""

    title = gettext_lazy("giliran")
    parameter_name = "giliran"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("menunggu", _("Menunggu pegawai"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Registration]
    ) -> QuerySet[Registration]:
        if self.value() != "menunggu":
            return queryset
        return queryset.filter(pk__in=Registration.objects.awaiting_review().order_by())


class HistoryOfRegistration(HistoryInline):
    """How the registration came where it is."""

    model = RegistrationStatusChange


@column(gettext_lazy("Saiz"))
def size(document: SupportingDocument) -> str:
    """Such as "413 KB"."""
    return filesizeformat(document.size)


class DocumentInline(ReadOnlyInline):
    """Every document, superseded ones too; the files are opened on the review page."""

    model = SupportingDocument
    verbose_name_plural = gettext_lazy("dokumen")
    fields = [
        "kind",
        "number",
        "expiry_date",
        "media_type",
        size,
        moment_column("uploaded_at", gettext_lazy("Dimuat naik")),
        moment_column("superseded_at", gettext_lazy("Diganti")),
    ]


@admin.register(Registration)
class RegistrationAdmin(ReadOnlyAdmin):
    """The queue, oldest first, and the decision form of each registration."""

    list_display = [
        "name",
        "review_link",
        ic_column("user"),
        "sector",
        "region",
        "status",
        moment_column("submitted_at", gettext_lazy("Dihantar")),
        moment_column("queued_at", gettext_lazy("Dibayar")),
    ]
    list_filter = [QueueFilter, "status", "sector", "region"]
    list_select_related = ["user"]
    ordering = [Coalesce("queued_at", "submitted_at").asc(nulls_last=True), F("pk").asc()]
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
        moment_column("queued_at", gettext_lazy("Dibayar")),
        moment_column("decided_at", gettext_lazy("Diputuskan")),
        "decided_by",
        "reason",
        "reason_note",
        "review_link",
    ]

    @column(gettext_lazy("Nama"))
    def name(self, registration: Registration) -> str:
        """The name as on the IC."""
        return registration.user.full_name

    @column(gettext_lazy("Alamat"))
    def address(self, registration: Registration) -> str:
        """On one line."""
        return registration.address

    @column(gettext_lazy("Semakan"))
    def review_link(self, registration: Registration) -> str:
        """The way to the decision form."""
        url = reverse("admin:registration_registration_review", args=[registration.pk])
        name = registration.user.full_name
        words = _("Semak")
        return format_html('<a href="{}" aria-label="{} {}">{}</a>', url, words, name, words)

    def get_urls(self) -> list[Any]:
        """Django's, and the decision form's."""
        review = path(
            "<int:pk>/semak/",
            self.admin_site.admin_view(self.review),
            name="registration_registration_review",
        )
        return [review, *super().get_urls()]

    def review(self, request: UserRequest, pk: int) -> HttpResponse:
        """Documents beside what was typed, and the decision; then the next in the queue."""
        if not request.user.has_perm("registration.change_registration"):
            raise PermissionDenied
        registration = get_object_or_404(Registration.objects.select_related("user"), pk=pk)
        form = DecisionForm(posted(request), registration=registration)
        if not form.is_valid():
            return self._show(request, registration, form)
        try:
            _decide(registration, form.cleaned_data, request)
        except (NotAwaitingReview, ForbiddenMove, StaleStatus):
            messages.error(request, _("Pegawai lain telah memutuskan pendaftaran ini."))
            return redirect("admin:registration_registration_review", pk)
        messages.success(request, _("Keputusan disimpan."))
        return _next_in_queue()

    def _show(
        self, request: UserRequest, registration: Registration, form: DecisionForm
    ) -> HttpResponse:
        at = timezone.now()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Semak pendaftaran"),
            "registration": registration,
            "standing": registration.standing(at),
            "ic_number": registration.ic_number(local(at).date()),
            "history": [
                (change, Status(change.from_status).label, Status(change.to_status).label)
                for change in registration.status_changes.select_related("by")
            ],
            "shown_inline": SHOWN_INLINE,
            "form": form,
        }
        return render(request, "admin/registration/registration/review.html", context)


def _decide(registration: Registration, answers: dict[str, str], request: UserRequest) -> None:
    """Calls the service of the decision."""
    decided: dict[str, Any] = {
        "registration": registration,
        "by": request.user,
        "at": timezone.now(),
        "note": answers["note"],
    }
    match answers["decision"]:
        case Status.APPROVED:
            approve_registration(**decided)
        case Status.SUBMITTED:
            allow_registration(**decided)
        case Status.RETURNED:
            return_registration(**decided, reason=answers["reason"])
        case _rejected:
            reject_registration(**decided, reason=answers["reason"])


def _next_in_queue() -> HttpResponse:
    following = Registration.objects.awaiting_review().first()
    if following is None:
        return redirect("admin:registration_registration_changelist")
    return redirect("admin:registration_registration_review", following.pk)


@admin.register(DocumentRule)
class DocumentRuleAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """From when to when a document counts; what was changed is in the audit trail."""

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
    show_full_result_count = False
    actions = None
    fields = ["sector", "region", "kind", "outcome", "valid_from", "valid_to", "minimum_age"]
    readonly_fields = ["sector", "region", "kind"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: Any, obj: DocumentRule, form: Any, change: bool) -> None:
        change_document_rule(rule=obj, by=request.user, at=timezone.now())
