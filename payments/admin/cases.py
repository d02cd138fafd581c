"""Cases oldest first, each with the way to its page, and the refunds that came of them."""

from django.contrib import admin
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.admin import HistoryInline, ReadOnlyAdmin, column, moment_column
from foundation.wording import ringgit
from payments.models import PaymentCase, PaymentCaseStatusChange, Refund, RefundStatusChange


class HistoryOfCase(HistoryInline):
    """How the case came where it is."""

    model = PaymentCaseStatusChange


class HistoryOfRefund(HistoryInline):
    """Who asked, who approved, what the bank said."""

    model = RefundStatusChange


def page_of(case: PaymentCase, words: str) -> str:
    """A link to the page where the case is closed."""
    url = reverse("admin:payments_paymentcase_review", args=[case.pk])
    return format_html('<a href="{}" aria-label="{} {}">{}</a>', url, words, case, words)


@admin.register(PaymentCase)
class CaseAdmin(ReadOnlyAdmin):
    """What finance must decide by hand: open ones first, and of these the oldest."""

    list_display = [
        "kind",
        "case_link",
        "payment",
        "detail",
        "age",
        "status",
        moment_column("opened_at", gettext_lazy("Dibuka")),
        moment_column("closed_at", gettext_lazy("Ditutup")),
    ]
    list_display_links = None
    list_filter = ["status", "kind"]
    list_select_related = ["payment"]
    ordering = [F("closed_at").desc(nulls_first=True), "opened_at", "pk"]
    search_fields = ["payment__reference__exact"]
    search_help_text = gettext_lazy("Rujukan bayaran")
    inlines = [HistoryOfCase]
    fields = [
        "case_link",
        "kind",
        "status",
        "payment",
        "detail",
        "message",
        moment_column("opened_at", gettext_lazy("Dibuka")),
        moment_column("refund_chosen_at", gettext_lazy("Pembayar memilih bayaran balik")),
        "resolution",
        "reason",
        moment_column("closed_at", gettext_lazy("Ditutup")),
        "closed_by",
    ]

    @column(gettext_lazy("Kes"))
    def case_link(self, case: PaymentCase) -> str:
        return page_of(case, _("Buka"))

    @column(gettext_lazy("Umur"), sorts_by="opened_at")
    def age(self, case: PaymentCase) -> str:
        """Such as "3 hari"; of a closed case what it took."""
        return timesince(case.opened_at, case.closed_at or timezone.now(), depth=1)


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    """Money on its way back; officers act on the page of its case."""

    list_display = [
        "payment",
        "case_link",
        "amount_shown",
        "status",
        moment_column("requested_at", gettext_lazy("Diminta")),
        "requested_by",
        moment_column("approved_at", gettext_lazy("Diluluskan")),
        "approved_by",
        "bank_reference",
    ]
    list_filter = ["status"]
    list_select_related = ["payment", "case__payment", "requested_by", "approved_by"]
    search_fields = ["payment__reference__exact", "bank_reference__exact"]
    search_help_text = gettext_lazy("Rujukan bayaran atau rujukan bank")
    inlines = [HistoryOfRefund]
    fields = [*list_display, "reason"]

    @column(gettext_lazy("Amaun"), sorts_by="amount")
    def amount_shown(self, refund: Refund) -> str:
        return ringgit(refund.amount)

    @column(gettext_lazy("Kes"))
    def case_link(self, refund: Refund) -> str:
        return page_of(refund.case, _("Buka"))
