"""The driver's own front pages: mode and dashboard."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import UserRequest, form_page, posted
from accounts.http.session import facts
from accounts.services import consents
from accounts.views.unsent import unsent_input
from perkeso import modes
from perkeso.views.panel import panel
from receipts.models import Receipt

_RECENT_RECEIPTS = 3


@require_http_methods(["GET", "HEAD", "POST"])
def choose_mode(request: UserRequest) -> HttpResponse:
    """In which role the driver uses the portal; then to where the log-in came between.

    First of all comes a privacy notice that has changed.
    """
    if consents.needs_consent(request.user):
        return redirect("accounts:agree")
    form = modes.ChooseModeForm(posted(request))
    if not form.is_valid():
        context = {"form": form, "modes": modes.Mode.choices}
        return form_page(request, "perkeso/choose_mode.html", context)
    facts(request).mode = form.cleaned_data["mode"]
    if unsent_input(request, timezone.now()):
        return redirect("accounts:send_unsent")
    return redirect(facts(request).take_next())


@require_safe
def dashboard(request: UserRequest) -> HttpResponse:
    """Is the driver covered, what is the next step, what was paid."""
    context = panel(request.user, timezone.now())
    if context["places"]:
        context["receipts"] = Receipt.objects.for_user(request.user).valid()[:_RECENT_RECEIPTS]
    return render(request, "perkeso/dashboard.html", context)
