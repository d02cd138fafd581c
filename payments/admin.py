"""Payments as officers see them: lists to look at, nothing to type into."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from payments.models import Bank, Case, GatewayMessage, Payment, PaymentStatusChange


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows are looked at; what changes them are services."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline(admin.TabularInline):  # type: ignore[type-arg]
    """The same for rows that stand below another."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class HistoryInline(ReadOnlyInline):
    """How the payment came where it is."""

    model = PaymentStatusChange
    fields = ["at", "from_status", "to_status", "note"]


class MessageInline(ReadOnlyInline):
    """What FPX said of the payment."""

    model = GatewayMessage
    fields = ["received_at", "channel", "verdict", "detail", "certificate"]


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    """Attempts; the signed request holds the payer's address and stays out."""

    list_display = ["reference", "status", "amount", "bank_name", "started_at", "settled_at"]
    list_filter = ["status", "bank_name"]
    search_fields = ["reference", "fpx_transaction_id"]
    date_hierarchy = "started_at"
    exclude = ["request"]
    inlines = [HistoryInline, MessageInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payment]:
        return super().get_queryset(request).select_related("contribution")


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    """What finance must settle by hand."""

    list_display = ["kind", "payment", "detail", "opened_at", "closed_at"]
    list_filter = ["kind", ("closed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["payment"]
    search_fields = ["payment__reference", "detail"]


@admin.register(GatewayMessage)
class GatewayMessageAdmin(ReadOnlyAdmin):
    """What came from FPX; the body holds the payer's name and stays out."""

    list_display = ["received_at", "channel", "verdict", "order_number", "detail"]
    list_filter = ["channel", "verdict"]
    list_select_related = ["payment"]
    search_fields = ["order_number", "payment__reference"]
    date_hierarchy = "received_at"
    exclude = ["raw"]


@admin.register(Bank)
class BankAdmin(ReadOnlyAdmin):
    """FPX's last list."""

    list_display = ["name", "bank_id", "is_online", "listed_at"]
