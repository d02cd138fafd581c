"""Payments as officers see them: lists to look at, nothing to type into."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from payments.models import Bank, Case, GatewayMessage, Payment, PaymentStatusChange
from perkeso.admin import (
    HistoryInline,
    ReadOnlyAdmin,
    ReadOnlyInline,
    column,
    ic_column,
    moment_column,
)
from perkeso.wording import ringgit


class HistoryOfPayment(HistoryInline):
    """How the payment came where it is."""

    model = PaymentStatusChange


class MessageInline(ReadOnlyInline):
    """What FPX said of the payment."""

    model = GatewayMessage
    fields = [
        moment_column("received_at", _("Diterima")),
        "channel",
        "verdict",
        "detail",
        "certificate",
    ]


@column(_("Amaun"), sorts_by="amount")
def amount(payment: Payment) -> str:
    """In ringgit."""
    return ringgit(payment.amount)


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    """Attempts; the signed request holds the payer's address and stays out."""

    list_display = [
        "reference",
        ic_column("contribution.registration.user"),
        "status",
        amount,
        "bank_name",
        moment_column("started_at", _("Dimulakan")),
        moment_column("settled_at", _("Selesai")),
    ]
    list_filter = ["status", "bank_name"]
    list_select_related = ["contribution__registration__user"]
    search_fields = [
        "reference__exact",
        "fpx_transaction_id__exact",
        "contribution__registration__user__ic_number_index__exact",
    ]
    search_help_text = _("Rujukan, no. transaksi FPX, atau nombor kad pengenalan (12 angka)")
    inlines = [HistoryOfPayment, MessageInline]
    fields = [
        *list_display,
        "contribution",
        "fpx_transaction_id",
        moment_column("fpx_transaction_at", _("Masa FPX")),
        "debit_code",
        "credit_code",
        "enquiry_code",
        moment_column("last_enquired_at", _("Terakhir ditanya")),
        moment_column("next_enquiry_at", _("Pertanyaan seterusnya")),
    ]


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    """What finance must settle by hand."""

    list_display = [
        "kind",
        "payment",
        "detail",
        moment_column("opened_at", _("Dibuka")),
        moment_column("closed_at", _("Ditutup")),
        "closed_by",
    ]
    list_filter = [("closed_at", admin.EmptyFieldListFilter), "kind"]
    list_select_related = ["payment", "closed_by"]
    search_fields = ["payment__reference__exact"]
    search_help_text = _("Rujukan bayaran")
    fields = [*list_display, "message"]


@admin.register(GatewayMessage)
class GatewayMessageAdmin(ReadOnlyAdmin):
    """What came from FPX; the body holds the payer's name and stays out."""

    list_display = [
        moment_column("received_at", _("Diterima")),
        "channel",
        "verdict",
        "order_number",
        "payment",
        "detail",
    ]
    list_filter = ["channel", "verdict"]
    list_select_related = ["payment"]
    search_fields = ["order_number__exact", "payment__reference__exact"]
    search_help_text = _("No. pesanan atau rujukan bayaran")
    fields = [*list_display, "certificate"]


@admin.register(Bank)
class BankAdmin(ReadOnlyAdmin):
    """FPX's last list."""

    list_display = ["name", "bank_id", "is_online", moment_column("listed_at", _("Disenaraikan"))]
    list_display_links = None
