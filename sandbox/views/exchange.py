"""The end points of the FPX exchange."""

import logging
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from sandbox import bank, courier, settings
from sandbox.fpx import answers, banks, judging
from sandbox.fpx.keys import exchange_key
from sandbox.fpx.messages import CHECKSUM, Fields, Malformed, checksum, decode, write
from sandbox.models import CurrentScenario, FpxTransaction
from sandbox.scenarios import BANK_LIST_DOWN, ENQUIRY_DOWN, REQUEST_LOST

logger = logging.getLogger(__name__)
# As the real pages leave them before their answers.
BLANK_LINES = "\r\n\r\n\r\n"


def receive_request(request: HttpRequest) -> HttpResponse:
    """The payer's browser brings an AR that names the bank; it is sent on there."""
    return _receive(request, has_bank=True)


def receive_request_without_bank(request: HttpRequest) -> HttpResponse:
    """The payer's browser brings an AR without a bank; the exchange asks for one."""
    return _receive(request, has_bank=False)


def _receive(request: HttpRequest, *, has_bank: bool) -> HttpResponse:
    if CurrentScenario.now().name == REQUEST_LOST:
        return _unavailable()
    try:
        fields = _posted(request)
        payment = bank.receive_request(fields, at=timezone.now(), has_bank=has_bank)
    except (Malformed, bank.Refused) as error:
        code = error.code if isinstance(error, bank.Refused) else "XE"
        logger.warning("request refused with %s", code)
        return _error_page(request, code, status=400)
    if payment.code:
        courier.wait_until_told(payment, patience_seconds=bank.PATIENCE_SECONDS)
        return redirect("go_back", payment.token)
    return _to_bank(payment) if has_bank else redirect("choose_bank", payment.token)


def _to_bank(payment: FpxTransaction) -> HttpResponse:
    """To the bank, which has a host of its own."""
    return redirect(settings.BANK_URL + reverse("log_in", args=[payment.token]))


def choose_bank(request: HttpRequest, token: UUID) -> HttpResponse:
    """The exchange's own list, for a request that named no bank."""
    payment = get_object_or_404(FpxTransaction, token=token)
    if payment.bank or payment.code:
        return redirect("log_in", payment.token)
    if request.method == "POST" and request.POST.get("bank"):
        bank.choose_bank(payment, request.POST["bank"][:10], at=timezone.now())
        return _to_bank(payment)
    names = sorted((name, key) for key, (name, _) in banks.BY_MODEL[payment.model].items())
    return render(request, "exchange/choose_bank.html", {"payment": payment, "banks": names})


def answer_enquiry(request: HttpRequest) -> HttpResponse:
    """The merchant's server asks (AE) what became of an order; an AC answers."""
    if CurrentScenario.now().name == ENQUIRY_DOWN:
        return _unavailable()
    try:
        fields = _posted(request)
    except Malformed:
        return _error_page(request, "XE", status=400)
    if code := judging.distrust(fields, "AE"):
        logger.warning("enquiry refused with %s", code)
        return _plain("msgfromfpx= PROSESSING ERROR" if code == "XC" else "ERROR")
    order = fields["fpx_sellerExOrderNo"]
    payment = FpxTransaction.objects.filter(seller_ex_order_no=order).first()
    if payment is None or not _asks_about(fields, payment.request):
        return _plain(answers.not_found(fields))
    return _plain(answers.enquired(payment, at=timezone.now()))


def _asks_about(enquiry: Fields, request: Fields) -> bool:
    """Whether the enquiry repeats the request; another amount or moment is another order."""
    return all(enquiry[name] == request[name] for name in answers.ECHOED)


def answer_bank_list(request: HttpRequest) -> HttpResponse:
    """The merchant's server asks (BE) for the banks of a model; a BC answers."""
    if CurrentScenario.now().name == BANK_LIST_DOWN:
        return _unavailable()
    try:
        fields = _posted(request)
    except Malformed:
        return _error_page(request, "XE", status=400)
    model = fields.get("fpx_msgToken", "")
    if (code := judging.distrust(fields, "BE")) or model not in banks.BY_MODEL:
        logger.warning("bank list refused with %s", code or "83")
        return _plain("ERROR")
    answer = {
        "fpx_msgType": "BC",
        "fpx_msgToken": model,
        "fpx_sellerExId": fields["fpx_sellerExId"],
        "fpx_bankList": banks.bank_list(model),
    }
    return _plain(write(answer | {CHECKSUM: checksum(answer, exchange_key())}))


def terms(request: HttpRequest) -> HttpResponse:
    """The terms to which the merchant's page must link."""
    return render(request, "exchange/terms.html")


def _posted(request: HttpRequest) -> dict[str, str]:
    """The message of a POST. Raises `Malformed`, also for a GET."""
    if request.method != "POST":
        raise Malformed("not a POST")
    return decode(request.body)


def _plain(text: str) -> HttpResponse:
    return HttpResponse(BLANK_LINES + text, content_type="text/html;charset=ISO-8859-1")


def _unavailable() -> HttpResponse:
    return HttpResponse("<h1>Service Unavailable</h1>", status=503)


def _error_page(request: HttpRequest, code: str, *, status: int) -> HttpResponse:
    return render(request, "exchange/error.html", {"code": code}, status=status)
