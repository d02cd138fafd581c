"""Submitting without paying again, and the ends: not eligible, referred."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import UserRequest
from registration.eligibility import Outcome
from registration.models import Registration
from registration.next_action import PAYING
from registration.services import submission
from registration.views.next_action import for_editing


@for_editing
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: UserRequest, registration: Registration) -> HttpResponse:
    """Sends what an officer must see before, or again after, a payment; the rest is paid for.

    A GET, such as after a log-in on the way here, only leads to the overview.
    """
    if request.method != "POST":
        return redirect("registration:overview")
    at = timezone.now()
    if registration.next_action(registration.assessment(at).next_step) in PAYING:
        return redirect("contributions:choose_plan")
    try:
        sent = submission.submit_registration(registration=registration, by=request.user, at=at)
    except submission.NotEligible:
        return redirect("registration:not_eligible")
    except submission.NothingChanged:
        return redirect("registration:overview")  # which says so
    is_referred = sent.status == Registration.Status.REFERRED
    return redirect("registration:referred" if is_referred else "registration:overview")


@require_safe
def not_eligible(request: UserRequest) -> HttpResponse:
    """Why the rules say no, and the way out of each reason."""
    registration = Registration.objects.for_user(request.user).current()
    if registration is None:
        return redirect("registration:service")
    verdict = registration.assessment(timezone.now()).verdict
    if verdict.outcome != Outcome.NOT_ELIGIBLE:
        return redirect("registration:overview")
    context = {"registration": registration, "reasons": verdict.decisive}
    return render(request, "registration/not_eligible.html", context)


@require_safe
def referred(request: UserRequest) -> HttpResponse:
    """An officer looks first; nothing can be paid until then."""
    registration = Registration.objects.for_user(request.user).current()
    if registration is None or registration.status != Registration.Status.REFERRED:
        return redirect("registration:overview")
    return render(request, "registration/referred.html", {"registration": registration})
