"""The driver's receipts: all of them, one as a page, and its PDF."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.http import UserRequest
from receipts.models import Receipt

_PER_PAGE = 12  # a year of monthly receipts


@require_safe
def receipts(request: UserRequest) -> HttpResponse:
    """All his receipts, newest first."""
    own = Receipt.objects.for_user(request.user)
    page = Paginator(own, _PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "receipts/receipts.html", {"page_obj": page})


@require_safe
def receipt(request: UserRequest, public_id: UUID) -> HttpResponse:
    """One receipt as a page: it is proof at once, while the worker still draws the PDF."""
    return render(request, "receipts/receipt.html", {"receipt": _receipt(request, public_id)})


@require_safe
def download(request: UserRequest, public_id: UUID) -> HttpResponseBase:
    """The stored PDF, byte for byte; the page says so while there is none."""
    receipt = _receipt(request, public_id)
    if not receipt.is_drawn:
        return redirect("receipts:receipt", public_id)
    return FileResponse(
        receipt.file.open("rb"),
        as_attachment=True,
        filename=receipt.file_name,
        content_type="application/pdf",
    )


def _receipt(request: UserRequest, public_id: UUID) -> Receipt:
    return get_object_or_404(Receipt.objects.for_user(request.user), public_id=public_id)
