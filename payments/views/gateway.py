"""The two addresses that FPX calls: public, without CSRF, session or language.

The signature is the authentication. The browser comes back by a cross-site POST that carries no
session cookie, and answering it with one would log its owner out: neither view touches cookies.
"""

from urllib.parse import quote

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from payments.models import GatewayMessage, Payment
from payments.services import messages

# A genuine message is below 4 KB; what is cut here was no message.
_MOST_BYTES = 64 * 1024
Verdict = GatewayMessage.Verdict
_ANSWERS = {
    Verdict.UNVERIFIED: ("CHECKSUM ERROR", 400),
    Verdict.UNJUDGED: ("OTHER ERROR", 503),
}


@login_not_required
@csrf_exempt
def callback(request: HttpRequest) -> HttpResponse:
    """FPX tells us directly, and repeats itself until it reads OK.

    OK means stored and understood, even if it is an anomaly: repeats could not help that.
    """
    message = messages.record_message(
        channel=GatewayMessage.Channel.CALLBACK, raw=_body(request), at=timezone.now()
    )
    text, status = _ANSWERS.get(Verdict(message.verdict), ("OK", 200))
    return HttpResponse(text, status=status, content_type="text/plain; charset=us-ascii")


@login_not_required
@csrf_exempt
def bank_return(request: HttpRequest) -> HttpResponse:
    """The payer's browser comes back from the bank, and is sent on to their payment's page.

    That page is a navigation of our own, on which the browser sends its cookies again.
    """
    message = messages.record_message(
        channel=GatewayMessage.Channel.RETURN, raw=_body(request), at=timezone.now()
    )
    response = HttpResponseRedirect(_landing(message))
    response.status_code = 303  # See Other: the next request is a GET
    return response


def _body(request: HttpRequest) -> bytes:
    """What was posted, before any form parsing.

    FPX posts. What comes otherwise is kept as well, but in one piece, so that it is no message:
    addresses are written to logs and opened by whoever sees them.
    """
    if request.method != "POST":
        return quote(f"{request.method} {request.META.get('QUERY_STRING', '')}").encode()
    # A body in chunks has no length, and Django reads none of it.
    is_chunked = "chunked" in request.headers.get("Transfer-Encoding", "").lower()
    source = request.META["wsgi.input"] if is_chunked else request
    body: bytes = source.read(_MOST_BYTES)
    return body


def _landing(message: GatewayMessage) -> str:
    """The page of the payment that the message claims; only its owner may open that page."""
    claimed = Payment.objects.filter(reference=message.order_number)
    payment = claimed.only("reference", "language").first()
    if payment is None:
        return reverse("dashboard")
    with translation.override(payment.language):
        return reverse("payments:payment", args=[payment.reference])
