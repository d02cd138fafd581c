"""The pages of the bank: log in, confirm or cancel, go back to the merchant."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from sandbox import bank, courier, settings
from sandbox.fpx import answers, banks
from sandbox.fpx.messages import decode
from sandbox.models import FpxTransaction


def log_in(request: HttpRequest, token: UUID) -> HttpResponse:
    """The payer shows who they are."""
    payment = get_object_or_404(FpxTransaction, token=token)
    if payment.code:
        return redirect("go_back", token)
    is_wrong = False
    if request.method == "POST":
        if (request.POST.get("CardNum"), request.POST.get("HPin")) == (bank.USER, bank.PIN):
            bank.sign_in(payment, at=timezone.now())
            return redirect("confirm", token)
        is_wrong = True
    context = _page(payment) | {"is_wrong": is_wrong, "user": request.POST.get("CardNum", "")}
    return render(request, "bank/log_in.html", context)


def confirm(request: HttpRequest, token: UUID) -> HttpResponse:
    """The payer sees what is paid, and confirms."""
    payment = get_object_or_404(FpxTransaction, token=token)
    if payment.code:
        return redirect("go_back", token)
    if payment.signed_in_at is None:
        return redirect("log_in", token)
    if request.method == "POST":
        bank.confirm(payment, at=timezone.now())
        return _tell(payment)
    return render(request, "bank/confirm.html", _page(payment))


@require_POST
def cancel(request: HttpRequest, token: UUID) -> HttpResponse:
    """The payer does not want to pay."""
    payment = get_object_or_404(FpxTransaction, token=token)
    bank.cancel(payment, at=timezone.now())
    return _tell(payment)


def _tell(payment: FpxTransaction) -> HttpResponse:
    """Lets the direct message go first, then the browser."""
    courier.wait_until_told(payment, patience_seconds=bank.PATIENCE_SECONDS)
    return redirect("go_back", payment.token)


def go_back(request: HttpRequest, token: UUID) -> HttpResponse:
    """The payer's browser carries the indirect message, or learns that it need not."""
    payment = get_object_or_404(FpxTransaction, token=token)
    if payment.decided_at is None:
        return redirect("log_in", token)
    scenario, at = payment.scenario, timezone.now()
    if not scenario.sends_indirect:
        return render(request, "bank/close.html", _page(payment))
    if scenario.is_indirect_late and at < payment.decided_at + payment.delay:
        response = render(request, "bank/wait.html", _page(payment))
        response.headers["Refresh"] = "1"
        return response
    fields = decode(answers.message(payment, at=at).encode())
    context = _page(payment) | {"fields": fields, "url": settings.FPX_INDIRECT_URL}
    return render(request, "bank/go_back.html", context)


def _page(payment: FpxTransaction) -> dict[str, object]:
    name = banks.name_of(payment.model, payment.bank) or payment.bank
    return {"payment": payment, "bank_name": name, "ar": payment.request}
