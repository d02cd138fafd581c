"""The next action as pages: which registration a page works on, and which page comes next."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url

from accounts.http import UserRequest
from registration.documents import Assessment, Need, Step
from registration.models import DocumentKind, Registration, SupportingDocument
from registration.models.choices import Reason
from registration.next_action import Action
from registration.services import drafts

P = ParamSpec("P")
EditingView = Callable[Concatenate[UserRequest, Registration, P], HttpResponse]
View = Callable[Concatenate[UserRequest, P], HttpResponse]
_PAGES = {
    Action.PARTICULARS: "registration:details",
    Action.STOP: "registration:not_eligible",
    Action.CHOOSE_PLAN: "contributions:choose_plan",
    Action.RENEW: "contributions:choose_plan",
}
CHECKING = "semak"  # ?dari=semak: the driver came from the check-your-answers page


def for_editing(view: "EditingView[P]") -> "View[P]":
    """Gives a view the registration that the driver works on; out of turn they go elsewhere."""

    @wraps(view)
    def guarded(request: UserRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        registration = Registration.objects.for_user(request.user).current()
        if registration is None:
            return redirect("registration:service")
        if not registration.is_editable:
            return redirect("registration:overview")
        try:
            return view(request, registration, *args, **kwargs)
        except drafts.NotEditable as refusal:
            # An officer or a payment was faster than this form.
            messages.warning(request, str(refusal))
            return redirect("registration:overview")

    return guarded


def after(request: UserRequest, registration: Registration, at: datetime) -> HttpResponse:
    """Goes to the next step, or back to the answers being checked when nothing is missing."""
    is_checking = request.GET.get("dari") == CHECKING
    assessment = registration.assessment(at)
    if is_checking and assessment.next_step == Step.PLAN:
        return redirect("contributions:check_answers")
    url = next_url(registration, assessment)
    return redirect(f"{url}?dari={CHECKING}" if is_checking else url)


def next_url(registration: Registration, assessment: Assessment) -> str:
    """Where the next action is taken; the overview where it is a button, or nothing."""
    action = registration.next_action(assessment.next_step)
    if action == Action.DOCUMENT and assessment.missing is not None:
        return document_url(assessment.missing)
    return resolve_url(_PAGES.get(action, "registration:overview"))


def retake_url(returned: SupportingDocument) -> str:
    """The page of a document that an officer wants again; a wrong one may be of a wrong kind."""
    is_wrong = returned.returned_for == Reason.WRONG_DOCUMENT
    if is_wrong and returned.kind != DocumentKind.DRIVING_LICENCE:
        return resolve_url("registration:choose_document")
    return resolve_url("registration:document", returned.kind)


def document_url(need: Need) -> str:
    """The page of a document, of the choice between alternatives, or of a file being read."""
    if need.awaited:
        return resolve_url("registration:reading", need.awaited[0])
    if len(need.kinds) == 1:
        return resolve_url("registration:document", need.kinds[0])
    return resolve_url("registration:choose_document")
