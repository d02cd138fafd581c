"""What each page that begins a payment asks: whom FPX tells, in which language, and where to."""

from datetime import datetime

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language

from accounts.http import UserRequest
from payments.gateway import gateway
from payments.models import Payment


def notice_email(request: UserRequest) -> str:
    """The payer's own address, where FPX's messages can carry it; else nothing."""
    email = request.user.email or ""
    fits = len(email) <= gateway.email_max_length and gateway.is_sendable(email)
    return email if fits else ""


def language() -> str:
    """That of the page, and so of the one that the payer comes back to."""
    return (get_language() or settings.LANGUAGE_CODE)[:2]


def terms_url() -> str:
    """FPX's terms and conditions, which a press of the button agrees to."""
    return f"{settings.FPX_URL}termsAndConditions.jsp"


def to_undecided(request: UserRequest, payment: Payment, at: datetime) -> HttpResponse:
    """To its page; but of a double tap the browser follows the last answer: also to the bank."""
    is_double_tap = request.method == "POST" and payment.was_just_started(at)
    page = "payments:send_to_bank" if is_double_tap else "payments:payment"
    return redirect(page, payment.reference)
