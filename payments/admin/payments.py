"""Payments as officers see them, with what FPX said of each, and the bank list."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.admin import (
    HistoryInline,
    ReadOnlyAdmin,
    ReadOnlyInline,
    column,
    flag_column,
    moment_column,
)
from foundation.wording import ringgit
from payments.models import Bank, GatewayMessage, Payment, PaymentStatusChange
from payments.services import messages


@column(_("Amaun"), sorts_by="amount")
def amount(payment: Payment) -> str:
    return ringgit(payment.amount)


class HistoryOfPayment(HistoryInline):
    """How the payment came where it is."""

    model = PaymentStatusChange


class MessagesOfPayment(ReadOnlyInline):
    """What FPX said of the payment; the body holds the payer's name and stays out."""

    model = GatewayMessage
    fields = [
        moment_column("received_at", _("Diterima")),
        "channel",
        "verdict",
        "detail",
        "certificate",
    ]
    verbose_name = verbose_name_plural = _("Mesej FPX")


class LateFilter(admin.SimpleListFilter):
    """Payments whose bank takes longer than most."""

    title = _("lewat")
    parameter_name = "lewat"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("ya", _("Belum diputuskan selepas 15 minit"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.late(timezone.now()) if self.value() == "ya" else queryset


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    """Attempts; the signed request holds the payer's address and stays out."""

    list_display = [
        "reference",
        "status",
        amount,
        "bank_name",
        moment_column("started_at", _("Dimulakan")),
        moment_column("credited_at", _("Diselesaikan")),
    ]
    list_filter = [LateFilter, "status", "bank_name"]
    search_fields = [
        "reference__exact",
        "fpx_transaction_id__exact",
        "contribution__registration__user__ic_number_index__exact",
    ]
    search_help_text = _("Rujukan, nombor transaksi FPX, atau nombor kad pengenalan (12 angka)")
    inlines = [HistoryOfPayment, MessagesOfPayment]
    fields = [
        *list_display,
        "contribution",
        "debit_code",
        "credit_code",
        "enquiry_code",
        "fpx_transaction_id",
        moment_column("fpx_transaction_at", _("Masa FPX")),
        moment_column("authorisation_pending_at", _("Menunggu kelulusan kedua")),
        moment_column("handed_out_at", _("Dihantar ke FPX")),
        moment_column("last_enquired_at", _("Terakhir ditanya")),
        moment_column("next_enquiry_at", _("Ditanya seterusnya")),
    ]


@admin.register(GatewayMessage)
class GatewayMessageAdmin(ReadOnlyAdmin):
    """What came from FPX, and what it was judged to be."""

    list_display = [
        moment_column("received_at", _("Diterima")),
        "channel",
        "verdict",
        "order_number",
        "detail",
    ]
    list_filter = ["channel", "verdict"]
    search_fields = ["order_number__exact"]
    search_help_text = _("Rujukan bayaran")
    fields = [*list_display, "payment", "certificate", "said"]

    @column(_("Kata FPX"))
    def said(self, message: GatewayMessage) -> str:
        """Beside what we asked, field by field."""
        fields = messages.side_by_side(message=message, payment=message.payment)
        return render_to_string("admin/payments/side_by_side.html", {"fields": fields})


@admin.register(Bank)
class BankAdmin(ReadOnlyAdmin):
    """FPX's last list."""

    list_display = [
        "name",
        "bank_id",
        flag_column("is_online", _("Tersedia")),
        moment_column("listed_at", _("Disenaraikan")),
    ]
    list_display_links = None
    fields = list_display
