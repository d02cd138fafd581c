"""The payer's pages: choose a bank, go there, see how it stands."""

from uuid import UUID

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accounts.http import UserRequest, form_page, posted, see_other
from contributions.models import Contribution
from payments.forms import ChooseBankForm
from payments.gateway import Unreachable, gateway
from payments.meaning import Reason
from payments.models import Payment
from payments.services import attempts, double_payments, enquiries
from payments.services import banks as payment_banks
from payments.views.paying import language, notice_email, terms_url, to_undecided
from receipts.models import Receipt

FPX_HOURS = gettext_lazy("24 jam sehari, 7 hari seminggu")

Status = Payment.Status
_SUCCEEDED_TWICE = "twice"
_CANCELLED = "cancelled"
_PER_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def choose_bank(request: UserRequest, contribution_id: UUID) -> HttpResponse:
    """Chooses the bank of a contribution; posting is also the consent to FPX's terms."""
    contribution = _contribution(request, contribution_id)
    at = timezone.now()
    try:
        gave_way = attempts.check_payable(contribution=contribution, at=at)
        banks = payment_banks.banks_on_offer(user=request.user, at=at)
        initial = {"email": notice_email(request)}
        form = ChooseBankForm(posted(request), banks=banks, initial=initial)
        if form.is_valid():
            return _start(contribution, form)
    except attempts.AttemptUndecided as undecided:
        return to_undecided(request, undecided.payment, at)
    except attempts.NotPayable as refusal:
        return _elsewhere(request, contribution, refusal)
    except payment_banks.NoBankList:
        if request.method == "POST":
            return see_other(request.path)  # which says so
        return render(request, "payments/fpx_down.html", {"contribution": contribution}, status=503)
    context = {
        "form": form,
        "contribution": contribution,
        "gave_way": gave_way,
        "is_list_old": banks[0].listed_at < at - payment_banks.BANK_LIST_FRESH,
        "terms_url": terms_url(),
        "about_url": settings.FPX_ABOUT_URL,
        "hours": FPX_HOURS,
    }
    return form_page(request, "payments/choose_bank.html", context)


@require_GET
@never_cache
# FPX redirects to whichever host the bank has, and Chromium holds a form to that as well.
@csp_replace({"form-action": None})  # type: ignore[arg-type]  # our typed request
def send_to_bank(request: UserRequest, reference: str) -> HttpResponse:
    """Shows the signed message as a form that posts itself: to one browser, and once.

    A GET, though it is noted: the history must hold no page that would be posted again.
    """
    payment = _payment(request, reference)
    if not attempts.hand_out(payment=payment, at=timezone.now()):
        return redirect("payments:payment", reference)
    context = {
        "payment": payment,
        "checkout": gateway.start(payment.request),
    }
    return render(request, "payments/send_to_bank.html", context)


@require_safe
def payment(request: UserRequest, reference: str) -> HttpResponse:
    """How a payment stands; safe to open again and to bookmark."""
    payment = _payment(request, reference)
    at = timezone.now()
    context = {
        **_money_back(payment),
        "state": _state(payment),
        "looked_at": at,
        "may_choose_another": at >= payment.ends_at,
        "payment": payment,
        "contribution": payment.contribution,
        "receipt": getattr(payment.contribution, "receipt", None),
        "reason": gateway.meaning_of(payment.debit_code).reason.label,
        "is_looked_into": payment.contradicts_itself or payment.is_looked_into,
        "may_go_to_bank": attempts.may_go_to_bank(payment=payment, at=at),
        "may_pay_again": attempts.is_payable(payment.contribution),
    }
    return render(request, f"payments/payment_{_page(payment)}.html", context)


@require_safe
@never_cache
def state(request: UserRequest, reference: str) -> HttpResponse:
    """One word that is another once the payment's page would look different; script asks for it."""
    return HttpResponse(_state(_payment(request, reference)), content_type="text/plain")


@require_safe
def attempts_made(request: UserRequest) -> HttpResponse:
    """Every attempt to pay, paid or not, newest first, with what came back of it."""
    own = Payment.objects.for_user(request.user).prefetch_related("refunds")
    page = Paginator(own, _PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "payments/attempts_made.html", {"page_obj": page})


@require_http_methods(["GET", "HEAD", "POST"])
def enquire(request: UserRequest, reference: str) -> HttpResponse:
    """Asks FPX at the payer's wish; a GET only leads back to the payment."""
    payment = _payment(request, reference)
    if request.method == "POST" and payment.status != Status.SUCCEEDED:
        try:
            before = payment.status
            payment = enquiries.enquire(payment=payment, at=timezone.now())
        except (enquiries.EnquiredJustNow, enquiries.Busy) as refusal:
            messages.info(request, str(refusal))
        except Unreachable:
            messages.warning(request, _("FPX tidak menjawab. Cuba lagi sebentar lagi."))
        else:
            if payment.status == before and before != Status.FAILED:
                messages.info(request, _("Status telah disemak dan belum berubah."))
    return redirect("payments:payment", reference)


def _contribution(request: UserRequest, contribution_id: UUID) -> Contribution:
    own = Contribution.objects.for_user(request.user).select_related(
        "registration__plan_choice__rate"
    )
    return get_object_or_404(own, public_id=contribution_id)


def _payment(request: UserRequest, reference: str) -> Payment:
    own = Payment.objects.for_user(request.user).select_related(
        "contribution__registration", "contribution__receipt"
    )
    return get_object_or_404(own, reference=reference)


def _state(payment: Payment) -> str:
    receipt = getattr(payment.contribution, "receipt", None)
    is_drawn = receipt is not None and receipt.is_drawn
    return f"{_page(payment)}-{payment.enquiry_code}-{'drawn' if is_drawn else ''}"


def _start(contribution: Contribution, form: ChooseBankForm) -> HttpResponse:
    started = attempts.start_payment(
        contribution=contribution,
        bank=form.cleaned_data["bank"],
        buyer_email=form.cleaned_data["email"],
        at=timezone.now(),
        language=language(),
    )
    return redirect("payments:send_to_bank", started.reference)


def _elsewhere(
    request: UserRequest, contribution: Contribution, refusal: attempts.NotPayable
) -> HttpResponse:
    """To the payment that paid it; to where the rules' "no" is mended; else to the dashboard."""
    paid = contribution.payments.filter(status=Status.SUCCEEDED).first()
    if paid:
        return redirect("payments:payment", paid.reference)
    messages.info(request, str(refusal))
    return redirect("contributions:choose_plan" if refusal.is_mended_by_driver else "dashboard")


def _money_back(payment: Payment) -> dict[str, object]:
    """Refunds, newest first; of money taken twice also its case and the period that it bought.

    Finance may give back what FPX never told us of, too.
    """
    refunds = payment.refunds.prefetch_related("status_changes")
    if _page(payment) != _SUCCEEDED_TWICE:
        return {"refunds": refunds}
    case = payment.cases.double_payments().get()
    receipts = Receipt.objects.valid().filter(payment_reference=payment.reference)
    return {
        "refunds": refunds,
        "case": case,
        "next_receipt": receipts.first() if case.is_closed else None,
        "may_choose": double_payments.may_choose(case=case),
    }


def _page(payment: Payment) -> str:
    """The part of the template's name that tells how the payment stands."""
    if payment.status == Status.SUCCEEDED:
        receipt = getattr(payment.contribution, "receipt", None)
        is_own = receipt is not None and receipt.payment_reference == payment.reference
        return Status.SUCCEEDED.value if is_own else _SUCCEEDED_TWICE
    is_cancelled = gateway.meaning_of(payment.debit_code).reason is Reason.CANCELLED
    if payment.status == Status.FAILED and is_cancelled:
        return _CANCELLED
    # What was given up is with a bank after all: wait, and warn before a second payment.
    may_wait = payment.status != Status.FAILED and not payment.was_given_up
    return str(Status.PENDING if may_wait and payment.may_be_charged_twice else payment.status)
