"""The acquiring bank's settlement file, made on request."""

from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from sandbox.fpx.judging import MALAYSIA
from sandbox.settlement import FAULTS, write_file


def settlement(request: HttpRequest) -> HttpResponse:
    """Shows a form; a POST of `day` (YYYY-MM-DD) and `fault` answers with the file."""
    at = timezone.now()
    day = request.POST.get("day", f"{at.astimezone(MALAYSIA):%Y-%m-%d}")
    error = ""
    if request.method == "POST":
        try:
            return _file(date.fromisoformat(day), request.POST.get("fault", "none"), at)
        except ValueError:
            error = "Tulis hari seperti 2026-11-22 dan pilih satu kesilapan daripada senarai."
    context = {"faults": FAULTS, "day": day, "error": error}
    return render(request, "settlement.html", context, status=400 if error else 200)


def _file(day: date, fault: str, at: datetime) -> HttpResponse:
    if fault not in FAULTS:
        raise ValueError(fault)
    text = write_file(day, fault, at=at)
    name = f"penyelesaian-{day:%Y%m%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/csv; charset=us-ascii", headers=headers)
