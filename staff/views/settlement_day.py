"""A day of money at the desk: file, receipts and refunds side by side, and its cases in bulk."""

from datetime import date
from io import StringIO
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.http import UserRequest, posted
from foundation import audit, wording
from foundation.csv_file import write_table
from payments.models import SettlementFile
from payments.services import cases, settled_days
from staff.forms.cases import CloseCasesForm
from staff.pages import READ, desk_page

SHOWN = 500
PAGE = "admin:payments_settlementfile_day"


@desk_page(
    "payments/settlementfile/hari/<str:day>/",
    name="payments_settlementfile_day",
    permission="payments.view_settlementfile",
    methods=READ,
)
def day_page(request: UserRequest, day: str) -> HttpResponse:
    """What the files say, our receipts and what went back, with what is still open."""
    chosen = _day(day)
    return _show(request, chosen, _form(request, chosen))


@desk_page(
    "payments/settlementfile/hari/<str:day>/selesai/",
    name="payments_settlementfile_settle",
    permission="payments.change_paymentcase",
)
def settle(request: UserRequest, day: str) -> HttpResponse:
    """Ends the chosen cases of a day for one reason; a GET only leads back to the day."""
    chosen = _day(day)
    form = _form(request, chosen)
    if form.is_bound and not form.is_valid():
        return _show(request, chosen, form)
    if form.is_bound:
        closed = cases.close_cases(
            cases=settled_days.open_cases_of(day=chosen).filter(pk__in=form.cleaned_data["cases"]),
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
        )
        words = ngettext("%(count)d kes diselesaikan.", "%(count)d kes diselesaikan.", len(closed))
        messages.success(request, words % {"count": len(closed)})
    return redirect(PAGE, day)


@desk_page(
    "payments/settlementfile/hari/<str:day>.csv",
    name="payments_settlementfile_day_csv",
    permission="payments.view_settlementfile",
    methods=READ,
    fresh_digits=True,
)
def export(request: UserRequest, day: str) -> HttpResponse:
    """The same as a table for a spreadsheet; each time is an event."""
    chosen = _day(day)
    audit.record(
        "settlement_day_exported", subject=request.user, by=request.user, at=timezone.now(), day=day
    )
    file = StringIO()
    head = [_("Rujukan"), _("No. transaksi FPX"), _("Dalam fail"), _("Dibayar"), _("Resit")]
    rows = settled_days.rows_of(day=chosen)
    write_table(file, [*head, _("Dipulangkan"), _("Sepadan")], map(_cells, rows))
    name = f"penyelesaian-{chosen}.csv"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(file.getvalue(), content_type="text/csv", headers=disposition)


def _cells(row: settled_days.DayRow) -> list[object]:
    amounts = [row.in_file, row.paid, row.receipt, row.refunded]
    return [row.reference, row.transaction_id, *amounts, _("Ya") if row.fits else _("Tidak")]


def _day(day: str) -> date:
    try:
        chosen = date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    if str(chosen) != day:
        raise Http404
    return chosen


def _form(request: UserRequest, day: date) -> CloseCasesForm:
    open_now = settled_days.open_cases_of(day=day).select_related("payment")
    return CloseCasesForm(posted(request), open_now=list(open_now[:SHOWN]))


def _show(request: UserRequest, day: date, form: CloseCasesForm) -> HttpResponse:
    rows = settled_days.rows_of(day=day)
    files = SettlementFile.objects.filter(settled_date=day).defer("content")
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": wording.day(day, get_language()),
        "day": day,
        "files": files,
        "rows": rows[:SHOWN],
        "more": len(rows[SHOWN:]),
        "totals": settled_days.totals_of(rows),
        "form": form if form.open_now else None,
    }
    return render(request, "admin/payments/settlementfile/day.html", context)
