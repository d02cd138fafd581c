"""The driver's own front pages: mode and dashboard."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import NEXT, UserRequest, posted
from accounts.services.consents import needs_consent
from accounts.views.typed import typed
from perkeso import modes
from perkeso.views.panel import panel
from receipts.models import Receipt

_RECENT_RECEIPTS = 3


@require_http_methods(["GET", "HEAD", "POST"])
def choose_mode(request: UserRequest) -> HttpResponse:
    """In which role he uses the portal; then to where he was going when he had to log in.

    First of all he reads a privacy notice that has changed.
    """
    if needs_consent(request.user):
        return redirect("accounts:agree")
    form = modes.ChooseModeForm(posted(request))
    if not form.is_valid():
        context = {"form": form, "modes": modes.Mode.choices}
        return render(request, "perkeso/choose_mode.html", context)
    request.session[modes.SESSION_KEY] = form.cleaned_data["mode"]
    if typed(request, timezone.now()):
        return redirect("accounts:send_typed")
    return redirect(request.session.pop(NEXT, None) or "dashboard")


@require_safe
def dashboard(request: UserRequest) -> HttpResponse:
    """Is he covered, what is his next step, what did he pay."""
    context = panel(request.user, timezone.now())
    if context["places"]:
        context["receipts"] = Receipt.objects.for_user(request.user).valid()[:_RECENT_RECEIPTS]
    return render(request, "perkeso/dashboard.html", context)
