"""The review desk: one case at a time, claimed, looked at, decided; then the next.

It lies at the top because an officer must see what only other apps know: whether cover stands.
"""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.http import UserRequest, posted
from accounts.http.again import show_again
from accounts.models import User
from contributions.models import CoveragePeriod
from foundation.forms import ShownAgain
from foundation.refusals import Refusal
from foundation.states import ForbiddenMove, StaleStatus
from foundation.wording import local
from payments.services import cases as payment_cases
from receipts.models import Receipt
from registration import clamav
from registration.models import Registration, ReviewClaim
from registration.services import claims as registration_claims
from registration.services import decisions
from staff.forms.decision import Decided, DecisionForm
from staff.pages import SEND, desk_page

Status = Registration.Status
PAGE = "admin:registration_registration_review"
QUEUE = "admin:registration_registration_changelist"


@desk_page(
    "registration/registration/<int:pk>/semak/",
    name="registration_registration_review",
    permission="registration.change_registration",
)
def review(request: UserRequest, pk: int) -> HttpResponse:
    """Documents beside what was typed, and the decision of whoever has claimed the case."""
    registration = _registration(pk)
    form = DecisionForm(posted(request), registration=registration)
    if not form.is_valid():
        return _show(request, registration, form)
    try:
        _decide(registration, form.decided(), by=request.user, at=timezone.now())
    except (decisions.NotAwaitingReview, ForbiddenMove, StaleStatus):
        messages.error(request, _("Pegawai lain telah memutuskan pendaftaran ini."))
        return redirect(PAGE, pk)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(PAGE, pk)
    messages.success(request, _("Keputusan disimpan."))
    return _after_deciding(request, registration)


def _after_deciding(request: UserRequest, registration: Registration) -> HttpResponse:
    """The next case; but a rejection whose cover stands is shown again, for what follows."""
    at = timezone.now()
    if registration.status == Status.REJECTED and _paid_until(registration, at):
        return redirect(PAGE, registration.pk)
    return _to_next(request, at)


@desk_page(
    "registration/registration/<int:pk>/semak/ambil/",
    name="registration_registration_claim",
    permission="registration.change_registration",
    methods=SEND,
)
def claim(request: UserRequest, pk: int) -> HttpResponse:
    """Takes the case for ten minutes."""
    try:
        registration_claims.claim_registration(
            registration=_registration(pk), by=request.user, at=timezone.now()
        )
    except registration_claims.HeldByAnother as refusal:
        messages.error(request, str(refusal))
    return redirect(PAGE, pk)


@desk_page(
    "registration/registration/<int:pk>/semak/lepas/",
    name="registration_registration_release",
    permission="registration.change_registration",
    methods=SEND,
)
def release(request: UserRequest, pk: int) -> HttpResponse:
    """Lets others have the case."""
    registration_claims.release_claim(
        registration=_registration(pk), by=request.user, at=timezone.now()
    )
    return redirect(QUEUE)


@desk_page(
    "registration/registration/<int:pk>/semak/bayaran-balik/",
    name="registration_registration_ask_refund",
    permission="registration.change_registration",
    methods=SEND,
)
def ask_refund(request: UserRequest, pk: int) -> HttpResponse:
    """Asks finance to look at what was paid for a rejected registration; its cover stands."""
    registration = _registration(pk)
    if registration.status != Status.REJECTED:
        raise Http404
    cases = payment_cases.open_refund_case(
        registration=registration, by=request.user, at=timezone.now()
    )
    if cases:
        messages.success(request, _("Kes bayaran balik dibuka untuk kewangan."))
    else:
        messages.info(request, _("Tiada bayaran lain untuk dirujuk kepada kewangan."))
    return redirect(PAGE, pk)


@desk_page(
    "registration/registration/seterusnya/",
    name="registration_registration_next",
    permission="registration.change_registration",
    methods=SEND,
)
def next_case(request: UserRequest) -> HttpResponse:
    return _to_next(request, timezone.now())


def _to_next(request: UserRequest, at: datetime) -> HttpResponse:
    following = registration_claims.claim_next(by=request.user, at=at)
    if following is None:
        messages.info(request, _("Tiada kes lain yang menunggu."))
        return redirect(QUEUE)
    return redirect(PAGE, following.pk)


def _registration(pk: int) -> Registration:
    return get_object_or_404(Registration.objects.select_related("user"), pk=pk)


def _paid_until(registration: Registration, at: datetime) -> datetime | None:
    """When cover that is paid for ends, whatever is decided; None when none runs or waits."""
    last = CoveragePeriod.objects.of(registration).cover(at).last
    return last.ends_at if last and last.ends_at > at else None


def _show(request: UserRequest, registration: Registration, form: DecisionForm) -> HttpResponse:
    at = timezone.now()
    claims = ReviewClaim.objects.live(at).select_related("officer")
    claim = claims.filter(registration=registration).first()
    if isinstance(form.data, ShownAgain) and (claim is None or claim.officer != request.user):
        # The decision stands on the page of whoever has the claim: kept until it is taken again.
        show_again(request, request.path, form.data, form.data.errors)
    context = {
        **admin.site.each_context(request),
        "title": _("Semak pendaftaran"),
        "registration": registration,
        "assessment": registration.assessment(at),
        "ic_number": registration.ic_number(local(at).date()),
        "history": _history(registration),
        "receipts": Receipt.objects.filter(contribution__registration=registration),
        "paid_until": _paid_until(registration, at),
        "claim": claim,
        "is_scanning": clamav.is_on(),
        "form": form,
    }
    return render(request, "admin/registration/registration/review.html", context)


def _history(registration: Registration) -> list[tuple[Any, Any, Any, str]]:
    """Each change of status with its words, and why."""
    changes = registration.status_changes.select_related("by")
    return [
        (change, Status(change.from_status).label, Status(change.to_status).label, _why(change))
        for change in changes.prefetch_related("returned_documents__document")
    ]


def _why(change: Any) -> str:
    """The note of a change, which begins with the code of a reason if there was one."""
    code, dot, note = change.note.partition(" · ")
    papers = change.returned_documents.all()
    words = [str(dict(Registration.Reason.choices).get(code, code))]
    if code in {paper.reason for paper in papers}:
        words = []
    return f"{', '.join([*words, *map(str, papers)])}{dot}{note}"


def _decide(registration: Registration, decided: Decided, *, by: User, at: datetime) -> None:
    """Calls the service of the decision."""
    reason, note = decided.reason, decided.note
    match decided.to:
        case Status.APPROVED:
            decisions.approve_registration(registration=registration, by=by, at=at, note=note)
        case Status.SUBMITTED:
            decisions.allow_registration(registration=registration, by=by, at=at, note=note)
        case Status.RETURNED:
            decisions.return_registration(
                registration=registration,
                by=by,
                at=at,
                reason=reason,
                note=note,
                faults=decided.faults,
            )
        case _rejected:
            decisions.reject_registration(
                registration=registration, by=by, at=at, reason=reason, note=note
            )
