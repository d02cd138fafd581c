"""The finance desk: one page a case with all that is known, and what officers do about it.

It lies at the top because an officer must see what only other apps know: receipt and cover.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import admin, messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from accounts.http import UserRequest, posted
from accounts.models import User
from contributions.models import CoveragePeriod
from foundation.refusals import Refusal
from foundation.states import ForbiddenMove, StaleStatus
from payments.models import Payment, PaymentCase, Refund, RefundStatusChange
from payments.services import cases, undecided
from payments.services import messages as payment_messages
from payments.services import refunds as payment_refunds
from receipts.models import Receipt
from staff.forms.cases import (
    CloseCaseForm,
    RefundForm,
    RefundStep,
    RefundStepForm,
    StopWaitingForm,
)
from staff.pages import READ, SEND, desk_page

PAGE = "admin:payments_paymentcase_review"
Status = Refund.Status


@desk_page(
    "payments/paymentcase/<int:pk>/semak/",
    name="payments_paymentcase_review",
    permission="payments.view_paymentcase",
    methods=READ,
)
def review(request: UserRequest, pk: int) -> HttpResponse:
    """Everything about a case: payment, messages, receipt, cover, refunds, history."""
    return _show(request, _case(pk))


@desk_page(
    "payments/paymentcase/<int:pk>/selesai/",
    name="payments_paymentcase_close",
    permission="payments.change_paymentcase",
)
def close(request: UserRequest, pk: int) -> HttpResponse:
    """Ends a case that needs no money to move; a GET only leads back to the case."""
    case = _case(pk)
    form = CloseCaseForm(posted(request))
    if form.is_bound and not form.is_valid():
        return _show(request, case, close_form=form)
    if form.is_bound:
        _act(
            request,
            _("Kes diselesaikan."),
            lambda: cases.close_case(
                case=case,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            ),
        )
    return redirect(PAGE, pk)


@desk_page(
    "payments/paymentcase/<int:pk>/berhenti-menunggu/",
    name="payments_paymentcase_stop_waiting",
    permission="payments.change_paymentcase",
)
def stop_waiting(request: UserRequest, pk: int) -> HttpResponse:
    """Waits no more for a bank that does not decide; a GET only leads back to the case."""
    case = _case(pk)
    form = StopWaitingForm(posted(request))
    if form.is_bound and not form.is_valid():
        return _show(request, case, stop_form=form)
    if form.is_bound:
        _act(
            request,
            _("Bayaran tidak ditunggu lagi. Pemandu boleh membayar semula."),
            lambda: undecided.stop_waiting(
                case=case,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            ),
        )
    return redirect(PAGE, pk)


@desk_page(
    "payments/paymentcase/<int:pk>/bayaran-balik/",
    name="payments_refund_request",
    permission="payments.add_refund",
)
def request_refund(request: UserRequest, pk: int) -> HttpResponse:
    """Asks for money to go back; a GET only leads back to the case."""
    case = _case(pk)
    form = RefundForm(posted(request), most=payment_refunds.refundable(case=case))
    if form.is_bound and not form.is_valid():
        return _show(request, case, refund_form=form)
    if form.is_bound:
        _act(
            request,
            _("Bayaran balik diminta. Pegawai lain akan meluluskannya."),
            lambda: payment_refunds.request_refund(
                case=case,
                amount=form.cleaned_data["amount"],
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            ),
        )
    return redirect(PAGE, pk)


@desk_page(
    "payments/refund/<int:pk>/lulus/",
    name="payments_refund_approve",
    permission="payments.change_refund",
    methods=SEND,
    fresh_digits=True,
)
def approve_refund(request: UserRequest, pk: int) -> HttpResponse:
    """Lets the money go: another officer than who asked, with fresh digits."""
    refund = _refund(pk)
    _act(
        request,
        _("Bayaran balik diluluskan."),
        lambda: payment_refunds.approve_refund(refund=refund, by=request.user, at=timezone.now()),
    )
    return redirect(PAGE, refund.case_id)


@desk_page(
    "payments/refund/<int:pk>/rekod/",
    name="payments_refund_record",
    permission="payments.change_refund",
)
def record_refund(request: UserRequest, pk: int) -> HttpResponse:
    """Keeps what became of it at the bank; a GET only leads back to the case."""
    refund = _refund(pk)
    form = RefundStepForm(posted(request), refund=refund)
    if form.is_bound and not form.is_valid():
        return _show(request, _case(refund.case_id), step_form=form)
    if form.is_bound:
        _act(
            request,
            _("Langkah direkodkan."),
            lambda: _record(refund, form.recorded(), by=request.user, at=timezone.now()),
        )
    return redirect(PAGE, refund.case_id)


def _record(refund: Refund, step: RefundStep, *, by: User, at: datetime) -> None:
    """Calls the service of the step."""
    match step.to:
        case Status.SENT:
            payment_refunds.record_refund_sent(
                refund=refund, bank_reference=step.note, by=by, at=at
            )
        case Status.DONE:
            payment_refunds.record_refund_done(refund=refund, note=step.note, by=by, at=at)
        case Status.FAILED:
            payment_refunds.record_refund_failed(refund=refund, note=step.note, by=by, at=at)
        case _refused:
            payment_refunds.refuse_refund(refund=refund, reason=step.note, by=by, at=at)


def _act(request: UserRequest, done: str, act: Callable[[], object]) -> None:
    """Tells the officer that it is done, or why it is not."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    except (ForbiddenMove, StaleStatus):
        messages.error(request, _("Pegawai lain telah bertindak atas kes ini. Semak sekali lagi."))
    else:
        messages.success(request, done)


def _case(pk: int) -> PaymentCase:
    path = "payment__contribution__registration__user"
    return get_object_or_404(
        PaymentCase.objects.select_related(path, "closed_by", "message"), pk=pk
    )


def _refund(pk: int) -> Refund:
    return get_object_or_404(Refund.objects.select_related("case", "payment"), pk=pk)


def _show(request: UserRequest, case: PaymentCase, **forms: Any) -> HttpResponse:
    """The page, with whichever form came back with errors."""
    at = timezone.now()
    most = payment_refunds.refundable(case=case) if case.is_open else Decimal(0)
    refunds = list(_refunds_of(case))
    open_refund = next((one for one in refunds if one.status in Refund.OPEN), None)
    must_move = case.is_double_payment and not cases.is_returned(case)
    is_waited_for = case.is_still_undecided
    shown = {
        "close_form": None if must_move or is_waited_for else CloseCaseForm(),
        "stop_form": StopWaitingForm() if is_waited_for else None,
        "refund_form": RefundForm(most=most) if most else None,
        "step_form": RefundStepForm(refund=open_refund) if open_refund else None,
    }
    context = {
        **admin.site.each_context(request),
        **(_money_of(case.payment) if case.payment else {}),
        **shown,
        **forms,
        "title": case.get_kind_display(),
        "case": case,
        "age": timesince(case.opened_at, case.closed_at or at, depth=1),
        "said": _said(case),
        "refunds": refunds,
        "open_refund": open_refund,
        "history": _with_words(case.status_changes.select_related("by"), PaymentCase.Status),
        "form": next(iter(forms.values()), None),
    }
    return render(request, "admin/payments/paymentcase/review.html", context)


def _said(case: PaymentCase) -> Any:
    if case.message is None:
        return []
    return payment_messages.side_by_side(message=case.message, payment=case.payment)


def _refunds_of(case: PaymentCase) -> Any:
    """Newest first, each with `steps`: its history in words."""
    changes = RefundStatusChange.objects.select_related("by")
    refunds = case.refunds.select_related("requested_by", "approved_by")
    for refund in refunds.prefetch_related(Prefetch("status_changes", changes)):
        refund.steps = _with_words(refund.status_changes.all(), Status)  # type: ignore[attr-defined]
        yield refund


def _with_words(changes: Any, status: Any) -> list[tuple[Any, str]]:
    return [(change, status(change.to_status).label) for change in changes]


def _money_of(payment: Payment) -> dict[str, Any]:
    """What the payment bought, what FPX said, and how its payer is covered."""
    contribution = payment.contribution
    receipts = Receipt.objects.filter(contribution__registration=contribution.registration)
    stated = {receipt.payment_reference: receipt for receipt in receipts}
    attempts = list(contribution.payments.all())
    return {
        "payment": payment,
        "contribution": contribution,
        "person": contribution.registration.user,
        "registration": contribution.registration,
        "attempts": [(one, stated.get(one.reference)) for one in attempts],
        "receipt": stated.get(payment.reference),
        "fpx_messages": payment.messages.defer("raw"),
        "cover": CoveragePeriod.objects.of(contribution.registration).cover(timezone.now()),
    }
