"""The driver's receipts: a list, a page and a PDF each; and where anyone checks one."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.http import UserRequest
from accounts.http.guards import too_many
from accounts.http.sender import network
from accounts.services import limits
from receipts import calendar, qr
from receipts.forms import CodeForm
from receipts.models import Receipt
from receipts.services import verification
from receipts.statement import write_statement

_PER_PAGE = 12  # a year of monthly receipts


@require_safe
def receipts(request: UserRequest) -> HttpResponse:
    """All their receipts, newest first, and what they paid in each year."""
    own = Receipt.objects.for_user(request.user)
    page = Paginator(own, _PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "receipts/receipts.html", {"page_obj": page, "years": own.by_year()})


@require_safe
def year_csv(request: UserRequest, year: int) -> HttpResponse:
    """The receipts and periods of a year as a table, for taxes or a bank."""
    own = Receipt.objects.for_user(request.user).of_year(year)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="caruman-{year}.csv"'
    write_statement(response, own)
    return response


@require_safe
def card(request: UserRequest) -> HttpResponse:
    """What they show to a passenger or an enforcement officer: covered now, and the proof."""
    at = timezone.now()
    current = Receipt.objects.of_person(request.user).covering(at)
    cards = [(receipt, qr.data_uri(receipt)) for receipt in current]
    return render(request, "receipts/card.html", {"cards": cards, "at": at})


@require_safe
def end_of_cover(request: UserRequest, sector: str) -> HttpResponse:
    """When cover in a sector ends, for the calendar of a phone; a renewal moves it there."""
    last = Receipt.objects.of_person(request.user).last_of(sector)
    if last is None:
        raise Http404
    response = HttpResponse(calendar.write(last), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{calendar.FILE_NAME}"'
    return response


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


@login_not_required
@never_cache
@require_safe
def ask_code(request: HttpRequest) -> HttpResponse:
    """Where a code is typed that nobody could scan; a GET form, for it changes nothing."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        return redirect("receipts:verify", form.cleaned_data["code"])
    return render(request, "receipts/ask_code.html", {"form": form})


@login_not_required
@never_cache
@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a receipt is genuine and what it is worth now, for whoever holds it."""
    at = timezone.now()
    try:
        found = verification.find_by_code(code=code, network=network(request), at=at)
    except limits.TooMany as refusal:
        return too_many(request, refusal.minutes)
    if found is None:
        return render(request, "receipts/not_genuine.html", {"form": CodeForm()}, status=404)
    context = {"receipt": found, "cover_status": found.cover_status(at), "at": at}
    return render(request, "receipts/verify.html", context)


def _receipt(request: UserRequest, public_id: UUID) -> Receipt:
    return get_object_or_404(Receipt.objects.for_user(request.user), public_id=public_id)
