"""The front door and the pages that stand in the footer."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http.guards import own_path
from accounts.views.unsent import keep_unsent
from contributions.services import plans


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Who may use the portal, from how much on, what to have ready, and the ways in or on."""
    return render(request, "perkeso/home.html", {"price": plans.least_by_the_month(timezone.now())})


@login_not_required
@require_safe
def help(request: HttpRequest) -> HttpResponse:
    return render(request, "perkeso/help.html")


@login_not_required
@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    return render(request, "perkeso/contact.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, why and for how long; its version is stored with each consent."""
    version = settings.PRIVACY_NOTICE_VERSION
    return render(request, "perkeso/privacy.html", {"version": version})


@login_not_required
@require_safe
def disclaimer(request: HttpRequest) -> HttpResponse:
    return render(request, "perkeso/disclaimer.html")


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "perkeso/accessibility.html")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def session_ended(request: HttpRequest) -> HttpResponse:
    """The session ended for want of activity; nothing that was typed is lost.

    The page that was open posts what was not sent yet, a minute before the server would end the
    session by itself: it ends now, and the answers wait, sealed, for their owner.
    """
    if request.method != "POST":
        return render(request, "perkeso/session_ended.html")
    logout(request)
    if meant_for := own_path(request, request.GET.get("next", "")):
        keep_unsent(request, meant_for)
    return redirect(f"{request.path}?{urlencode({'next': meant_for})}")
