"""How staff look at rows, and the floor's own rows: alarms, outbox, audit trail.

Staff act through services: admin classes are lists to read, with a form only where a row is
reference data. Columns of moments and personal data are written as everywhere in the portal.
"""

from collections.abc import Callable
from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from foundation import parked
from foundation.alarms import Alarm, clear_alarm
from foundation.audit import AuditEvent, AuditEventQuerySet
from foundation.desk import DeskAdmin
from foundation.outbox import OutboxRow
from foundation.wording import masked_ic, moment

Column = Callable[..., str]
# By what the audit trail calls them: the groups of `staff.groups`, and two more.
ROLES = {
    "driver": _("pemandu"),
    "reviewer": _("penyemak"),
    "finance": _("kewangan"),
    "support": _("bantuan"),
    "auditor": _("juruaudit"),
    "administrator": _("pentadbir"),
    "superuser": _("semua kuasa"),
}


def column(title: Any, *, sorts_by: Any = None) -> Callable[[Column], Column]:
    """Names a function as a column of a staff list."""
    return admin.display(description=title, ordering=sorts_by, empty_value="")


def moment_column(name: str, title: Any) -> Column:
    """A column with a moment in Malay words; Django's own Malay says "malam" at noon."""

    @column(title, sorts_by=name)
    def shown(row: Model) -> str:
        at = getattr(row, name)
        return moment(at, "ms") if at else ""

    # Columns of one list are told apart by their function's name.
    shown.__name__ = f"{name}_shown"
    return shown


def ic_column(path: str) -> Column:
    """A column with the last four digits of the IC number that lies at `path`, such as "user"."""

    @column(_("No. kad pengenalan"))
    def shown(row: Any) -> str:
        for name in filter(None, path.split(".")):
            row = getattr(row, name)
        return masked_ic(row.ic_number)

    return shown


def flag_column(name: str, title: Any) -> Column:
    """A column that says yes or no in words; Django's icon says "True"."""

    @column(title, sorts_by=name)
    def shown(row: Model) -> str:
        return str(_("Ya") if getattr(row, name) else _("Tidak"))

    shown.__name__ = f"{name}_shown"
    return shown


def status_column(name: str, title: Any) -> Column:
    """A column of a history with the status as staff read it, not as it is stored."""

    @column(title)
    def shown(change: Any) -> str:
        parents = [field.related_model for field in change._meta.fields if field.is_relation]
        life_cycle = next(model for model in parents if hasattr(model, "TRANSITIONS"))
        return str(life_cycle.Status(getattr(change, name)).label)

    shown.__name__ = f"{name}_shown"
    return shown


class ReadOnlyAdmin(DeskAdmin):
    """Rows to look at: what changes them are services."""

    list_per_page = 50

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields or super().get_readonly_fields(request, obj)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Help texts are notes to developers: nothing is typed in here."""
        nothing = {field.name: "" for field in self.model._meta.fields}
        return super().get_form(request, obj, change, **kwargs, help_texts=nothing)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline(admin.TabularInline):  # type: ignore[type-arg]
    """Rows that stand below another, to look at."""

    template = "admin/rows_inline.html"
    fields: ClassVar[Any] = None
    extra = 0
    can_delete = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields or super().get_readonly_fields(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class HistoryInline(ReadOnlyInline):
    """The status changes of a row."""

    fields = [
        moment_column("at", _("Masa")),
        status_column("from_status", _("Daripada")),
        status_column("to_status", _("Kepada")),
        "by",
        "note",
    ]
    verbose_name = verbose_name_plural = _("Sejarah status")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may see a row may see how it came where it is."""
        return True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("by")


@admin.register(Alarm)
class AlarmAdmin(ReadOnlyAdmin):
    """What is wrong; an officer clears what they have seen to."""

    list_display = [
        "kind",
        "key",
        "detail",
        "seen_count",
        moment_column("first_seen_at", _("Mula dilihat")),
        moment_column("last_seen_at", _("Terakhir dilihat")),
        moment_column("cleared_at", _("Diselesaikan")),
        "cleared_by",
    ]
    list_display_links = None
    list_filter = [("cleared_at", admin.EmptyFieldListFilter), "kind"]
    list_select_related = ["cleared_by"]
    actions = ["clear_alarms"]

    def has_clear_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("foundation.change_alarm")

    @admin.action(description=_("Tandakan sebagai selesai"), permissions=["clear"])
    def clear_alarms(self, request: HttpRequest, queryset: QuerySet[Alarm]) -> None:
        """Closes the chosen alarms."""
        at = timezone.now()
        chosen = list(queryset)
        for alarm in chosen:
            clear_alarm(alarm, by=cast(Model, request.user), at=at)
        words = ngettext("%(count)d penggera selesai", "%(count)d penggera selesai", len(chosen))
        messages.success(request, words % {"count": len(chosen)})


STATES = {
    "queued": _("Menunggu"),
    "sent": _("Dihantar"),
    "delivered": _("Sampai"),
    "failed": _("Gagal"),
    "done": _("Selesai"),
}


@column(_("Keadaan"))
def state(row: OutboxRow) -> str:
    """What became of a message, or of an act that sends none."""
    return str(STATES[row.state])


class StateFilter(admin.SimpleListFilter):
    """Rows by what became of them."""

    title = _("Keadaan")
    parameter_name = "keadaan"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(STATES.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = self.value()
        return queryset.in_state(chosen) if chosen in STATES else queryset


@admin.register(OutboxRow)
class OutboxRowAdmin(ReadOnlyAdmin):
    """Acts that wait, were done or were parked; a row names its subject by number only."""

    list_display = [
        "kind",
        "subject_id",
        state,
        "channel",
        "attempts",
        "last_error",
        moment_column("created_at", _("Dicipta")),
        moment_column("next_attempt_at", _("Cubaan seterusnya")),
        moment_column("sent_at", _("Dihantar")),
        moment_column("delivered_at", _("Sampai")),
        moment_column("done_at", _("Selesai")),
        moment_column("parked_at", _("Diketepikan")),
    ]
    list_display_links = None
    list_filter = [
        ("parked_at", admin.EmptyFieldListFilter),
        ("done_at", admin.EmptyFieldListFilter),
        StateFilter,
        "kind",
    ]
    ordering = ["-created_at", "-pk"]
    actions = ["try_again"]

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("foundation.change_outboxrow")

    @admin.action(description=_("Cuba lagi"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[OutboxRow]) -> None:
        """Lets the chosen rows that were parked be tried again."""
        by, at = cast(Model, request.user), timezone.now()
        count = sum(parked.try_again(row, by=by, at=at) for row in queryset)
        words = ngettext("%(count)d tugas dicuba lagi", "%(count)d tugas dicuba lagi", count)
        messages.success(request, words % {"count": count})


@column(_("Peranan"), sorts_by="role")
def role(event: AuditEvent) -> str:
    """As what somebody acted, in Malay."""
    names = filter(None, event.role.split(","))
    return ", ".join(str(ROLES.get(name, name)) for name in names)


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """Who did what to whom."""

    list_display = [
        moment_column("at", _("Masa")),
        "action",
        "by",
        role,
        "subject_type",
        "subject_id",
        "detail",
        "network",
        "request_id",
    ]
    fields = list_display
    list_display_links = None
    list_filter = ["action"]
    list_select_related = ["by"]
    search_fields = ["by__username__exact"]  # makes Django show the box
    search_help_text = _("Nama pegawai, tarikh (22/11/2026), atau nombor permintaan")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By a day, a request or an officer's name, which are told apart as they are typed."""
        words = search_term.strip()
        found = cast(AuditEventQuerySet, queryset)
        return (found.matching(words) if words else found), False
