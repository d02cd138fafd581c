"""Where the driver stands, and the pages on which they say what they drive and who they are."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import UserRequest, form_page, posted
from registration.forms import DetailsForm, ServiceForm
from registration.models import Registration
from registration.services import drafts
from registration.views.next_action import after, for_editing
from registration.views.progress import progress


@require_safe
def overview(request: UserRequest) -> HttpResponse:
    """Where the registration stands and what comes next; derived, never stored."""
    mine = list(Registration.objects.for_user(request.user))
    if not mine:
        return redirect("registration:service")
    kept = [one for one in mine if one.status != Registration.Status.REJECTED]
    shown = (kept or mine)[0]
    sectors = {one.sector for one in [*kept, shown]}
    context = {
        "registration": shown,
        "others": kept[1:],
        "refused": [one for one in mine if one.sector not in sectors],
        **progress(shown, timezone.now()),
    }
    return render(request, "registration/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def service(request: UserRequest) -> HttpResponse:
    """What and where they drive."""
    at = timezone.now()
    known = Registration.objects.for_user(request.user).current()
    initial = {"sector": known.sector, "region": known.region} if known else {}
    if "lain" in request.GET:  # another one than those they have
        initial.pop("sector", None)
    form = ServiceForm(posted(request), initial=initial)
    if not form.is_valid():
        context = {"form": form, "registration": known}
        return form_page(request, "registration/service.html", context)
    try:
        sector, region = form.cleaned_data["sector"], form.cleaned_data["region"]
        registration = drafts.save_service(user=request.user, sector=sector, region=region, at=at)
    except drafts.NotEditable as refusal:
        messages.warning(request, str(refusal))
        return redirect("registration:overview")
    return after(request, registration, at)


@for_editing
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: UserRequest, registration: Registration) -> HttpResponse:
    """The particulars that the IC number does not tell."""
    at = timezone.now()
    initial = {name: getattr(registration, name) for name in Registration.PARTICULARS}
    form = DetailsForm(posted(request), initial=initial)
    if not form.is_valid():
        context = {"form": form, "registration": registration}
        return form_page(request, "registration/details.html", context)
    registration = drafts.save_details(registration=registration, at=at, **form.cleaned_data)
    return after(request, registration, at)


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Works on another of their registrations; a GET only leads to the one being worked on."""
    if request.method != "POST":
        return redirect("registration:overview")
    mine = Registration.objects.for_user(request.user).unrejected()
    registration = get_object_or_404(mine, public_id=public_id)
    drafts.choose_registration(registration=registration, at=timezone.now())
    return redirect("registration:overview")
