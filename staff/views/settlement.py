"""Settlement files at the desk: brought by an officer, and what did not fit, with totals."""

from decimal import Decimal

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.http import UserRequest, posted
from foundation.forms import PortalForm
from payments import settlement_file
from payments.models import Payment, SettlementFile
from payments.services import reconciliation
from staff.pages import READ, desk_page

SHOWN = 500
PAGE = "admin:payments_settlementfile_review"


class SettlementFileForm(PortalForm):
    """The day's file."""

    file = forms.FileField(
        label=gettext_lazy("Fail penyelesaian (CSV)"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={
            "required": gettext_lazy("Pilih fail"),
            "invalid": gettext_lazy("Pilih fail"),
            "empty": gettext_lazy("Fail ini kosong"),
        },
    )


@desk_page(
    "payments/settlementfile/muat-naik/",
    name="payments_settlementfile_upload",
    permission="payments.add_settlementfile",
)
def upload(request: UserRequest) -> HttpResponse:
    """Reads a day's file; the same one again only shows what was found before."""
    form = SettlementFileForm(posted(request), request.FILES or None)
    if form.is_valid():
        brought = form.cleaned_data["file"]
        try:
            file = reconciliation.record_settlement_file(
                raw=brought.read(), name=brought.name, by=request.user, at=timezone.now()
            )
        except settlement_file.NotASettlementFile as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _("Fail dibaca."))
            return redirect(PAGE, file.pk)
    context = {"form": form, "title": _("Muat naik fail penyelesaian")}
    return render(
        request,
        "admin/payments/settlementfile/upload.html",
        admin.site.each_context(request) | context,
    )


@desk_page(
    "payments/settlementfile/<int:pk>/semak/",
    name="payments_settlementfile_review",
    permission="payments.view_settlementfile",
    methods=READ,
)
def review(request: UserRequest, pk: int) -> HttpResponse:
    """The totals of both sides, every line that did not fit, and what the file does not name."""
    file = get_object_or_404(SettlementFile.objects.select_related("uploaded_by"), pk=pk)
    unmatched = file.lines.unmatched().select_related("payment")
    context = {
        **admin.site.each_context(request),
        "title": _("Padanan penyelesaian"),
        "file": file,
        "groups": file.lines.by_verdict(),
        "ours": _counted(reconciliation.succeeded_on_its_day(file=file)),
        "unmatched": unmatched[:SHOWN],
        "missing": reconciliation.missing_payments(file=file)[:SHOWN],
    }
    return render(request, "admin/payments/settlementfile/review.html", context)


def _counted(payments: QuerySet[Payment]) -> tuple[int, Decimal]:
    """How many they are and what they come to."""
    found = payments.aggregate(number=Count("pk"), total=Sum("amount"))
    return found["number"], found["total"] or Decimal(0)
