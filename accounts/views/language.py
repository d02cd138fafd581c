"""The language of the pages: remembered by the browser, and what is half typed goes along."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.http.again import show_again
from accounts.http.cookies import speak
from accounts.http.guards import own_path


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
def switch_language(request: HttpRequest, language: str) -> HttpResponse:
    """To the page of `?ke=`, which is in that language; a form on the way is not checked."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    page = own_path(request, request.GET.get("ke", "")) or reverse("home")
    is_typed = request.method == "POST"
    shown = show_again(request, page, request.POST, {}) if is_typed else redirect(page)
    return speak(shown, language)
