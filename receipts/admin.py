"""Receipts as officers see them: a snapshot that nothing edits."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from foundation.admin import ReadOnlyAdmin, column, ic_column, moment_column
from foundation.wording import exact_moment, ringgit
from receipts.models import Receipt


@column(_("Dikeluarkan"), sorts_by="issued_at")
def issued(receipt: Receipt) -> str:
    """To the second: cover is counted from it."""
    return exact_moment(receipt.issued_at)


@column(_("Amaun"), sorts_by="amount")
def amount(receipt: Receipt) -> str:
    return ringgit(receipt.amount)


@column(_("Pembetulan"))
def correction(receipt: Receipt) -> str:
    """What became of a wrong one; else the way to correct it."""
    if receipt.is_void:
        return str(_("Batal, diganti dengan %(number)s")) % {"number": receipt.correction.number}
    url = reverse("admin:receipts_receipt_correct", args=[receipt.pk])
    return format_html('<a href="{}">{}</a>', url, _("Betulkan resit"))


@admin.register(Receipt)
class ReceiptAdmin(ReadOnlyAdmin):
    """The proofs; found by number, payment reference or IC number."""

    list_display = [
        "number",
        issued,
        "full_name",
        ic_column(""),
        "sector",
        amount,
        moment_column("coverage_starts_at", _("Mula")),
        moment_column("coverage_ends_at", _("Tamat")),
        moment_column("drawn_at", _("Dilukis")),
    ]
    list_filter = [
        "sector",
        ("drawn_at", admin.EmptyFieldListFilter),
        ("voided_at", admin.EmptyFieldListFilter),
    ]
    search_fields = [
        "number__exact",
        "payment_reference__exact",
        "user__ic_number_index__exact",
    ]
    search_help_text = _("No. resit, rujukan bayaran, atau nombor kad pengenalan (12 angka)")
    ordering = ["-issued_at"]
    fields = [
        *list_display,
        "plan_number",
        "months",
        "payment_reference",
        "bank_name",
        "fpx_transaction_id",
        "sha256",
        "corrects",
        moment_column("voided_at", _("Dibatalkan")),
        "voided_by",
        correction,
    ]
