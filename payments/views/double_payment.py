"""The page on which a payer who paid twice says what becomes of the second money."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import UserRequest, form_page, posted
from contributions.coverage import Period
from contributions.services import contributing
from payments.forms import DoublePaymentForm
from payments.models import PaymentCase
from payments.services import cases, double_payments

_NO_PERIOD = (
    contributing.ContributionHeld,
    contributing.MayNotPay,
    contributing.NextPeriodAlreadyBought,
)


@require_http_methods(["GET", "HEAD", "POST"])
def double_payment(request: UserRequest, reference: str) -> HttpResponse:
    """Refund, or the next period when it may be bought; told what each would do."""
    case = _case(request, reference)
    if not double_payments.may_choose(case=case):
        return redirect("payments:payment", reference)
    at = timezone.now()
    period, refusal = _next_period(case, at)
    form = DoublePaymentForm(posted(request), offers_period=period is not None)
    if form.is_valid():
        _choose(request, case, form.cleaned_data["choice"], at)
        return redirect("payments:payment", reference)
    context = {
        "form": form,
        "case": case,
        "payment": case.payment,
        "period": period,
        "refusal": refusal,
    }
    return form_page(request, "payments/double_payment.html", context)


def _case(request: UserRequest, reference: str) -> PaymentCase:
    """Their own; of several about one payment the last."""
    own = PaymentCase.objects.for_user(request.user).double_payments().order_by("-pk")
    of_payment = own.filter(payment__reference=reference)
    case = of_payment.select_related("payment__contribution__registration").first()
    if case is None:
        raise Http404
    return case


def _next_period(case: PaymentCase, at: datetime) -> tuple[Period | None, str]:
    """What choosing it would buy, or why it cannot be bought now."""
    try:
        return double_payments.next_period_of(case=case, at=at), ""
    except _NO_PERIOD as refusal:
        return None, str(refusal)


def _choose(request: UserRequest, case: PaymentCase, choice: str, at: datetime) -> None:
    wants_period = choice == DoublePaymentForm.NEXT_PERIOD
    service = double_payments.choose_next_period if wants_period else double_payments.choose_refund
    try:
        service(case=case, by=request.user, at=at)
    except (cases.CaseNotOpen, *_NO_PERIOD) as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Pilihan anda disimpan."))
