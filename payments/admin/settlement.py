"""Settlement files as they came, newest first, each with the way to what did not fit."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.admin import ReadOnlyAdmin, column, moment_column
from foundation.wording import day, ringgit
from payments.models import SettlementFile


@admin.register(SettlementFile)
class SettlementFileAdmin(ReadOnlyAdmin):
    """What the acquirer says that it credited, day by day."""

    list_display = [
        "day_shown",
        "file_link",
        "name",
        "line_count",
        "amount_shown",
        moment_column("received_at", gettext_lazy("Diterima")),
        "uploaded_by",
    ]
    list_select_related = ["uploaded_by"]
    date_hierarchy = None
    fields = [*list_display, "sha256", "content"]

    @column(gettext_lazy("Hari"), sorts_by="settled_date")
    def day_shown(self, file: SettlementFile) -> str:
        return day(file.settled_date, "ms")

    @column(gettext_lazy("Amaun"), sorts_by="amount")
    def amount_shown(self, file: SettlementFile) -> str:
        return ringgit(file.amount)

    @column(gettext_lazy("Padanan"))
    def file_link(self, file: SettlementFile) -> str:
        """The way to the totals and to what did not fit."""
        url = reverse("admin:payments_settlementfile_review", args=[file.pk])
        words = _("Buka")
        return format_html('<a href="{}" aria-label="{} {}">{}</a>', url, words, file, words)
