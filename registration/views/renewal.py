"""Renewal: what we know, whether it is still right, and which documents have expired."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.http import UserRequest, form_page, posted, see_other
from registration.forms import RenewForm
from registration.models import Registration
from registration.services import drafts, submission
from registration.views.next_action import after, document_url


@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: UserRequest) -> HttpResponse:
    """Renews the registration that `?pendaftaran=` names, or the only one."""
    mine = list(Registration.objects.for_user(request.user).renewable())
    named = [one for one in mine if str(one.public_id) == request.GET.get("pendaftaran")]
    if not mine:
        return redirect("registration:overview")
    if len(mine) > 1 and not named:
        if request.method == "POST":
            return see_other("registration:renew")
        return render(request, "registration/renew_which.html", {"registrations": mine})
    return _renew(request, (named or mine)[0])


def _renew(request: UserRequest, registration: Registration) -> HttpResponse:
    at = timezone.now()
    form = RenewForm(posted(request))
    if not form.is_valid():
        expired = [need for need in registration.assessment(at).needs if need.has_expired]
        context = {
            "form": form,
            "registration": registration,
            "expired": [(need.sent[0].kind, document_url(need)) for need in expired],
        }
        return form_page(request, "registration/renew.html", context)
    if not form.cleaned_data["is_correct"]:
        drafts.choose_registration(registration=registration, at=at)
        return redirect("registration:overview")
    submission.renew_registration(registration=registration, by=request.user, at=at)
    return after(request, registration, at)
