"""Correcting a receipt at the desk, once two officers have put the account right."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.http import UserRequest
from foundation.refusals import Refusal
from receipts.models import Receipt
from receipts.services import correction as receipt_correction
from staff.pages import desk_page

PAGE = "admin:receipts_receipt_change"


@desk_page(
    "receipts/receipt/<int:pk>/betulkan/",
    name="receipts_receipt_correct",
    permission="receipts.change_receipt",
)
def correct(request: UserRequest, pk: int) -> HttpResponse:
    """What the receipt states beside what the account says now, and the button that acts."""
    receipt = get_object_or_404(Receipt.objects.select_related("user"), pk=pk)
    if request.method == "POST":
        return _correct(request, receipt)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Betulkan resit"),
        "receipt": receipt,
    }
    return render(request, "admin/receipts/receipt/correct.html", context)


def _correct(request: UserRequest, receipt: Receipt) -> HttpResponse:
    try:
        correction = receipt_correction.correct_receipt(
            receipt=receipt, by=request.user, at=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(PAGE, receipt.pk)
    messages.success(request, _("Resit baharu dikeluarkan. Resit lama kekal dan ditandakan batal."))
    return redirect(PAGE, correction.pk)
