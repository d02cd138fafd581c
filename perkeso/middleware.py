"""What holds for every request: size, browsers' rules, sessions, what a page leaves behind."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, translate_url
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_path
from django.utils.translation import gettext as _

from accounts.http.again import STAYS
from accounts.http.cookies import SIGNED_IN_LIFE
from accounts.http.sender import network
from accounts.http.session import facts
from accounts.views.unsent import keep_unsent
from foundation import origin
from perkeso import health
from perkeso.views.errors import too_large

# An officer's session ends after so long, however busy.
STAFF_SESSION_LIFE = timedelta(hours=8)

Handler = Callable[[HttpRequest], HttpResponse]
_TOUCH_SPACING = timedelta(minutes=1)


class OriginMiddleware:
    """Gives each request a number, and notes it with the sender's network for trail and log."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        here = origin.Origin(network(request), secrets.token_hex(8))
        answering = origin.current.set(here)
        try:
            return self.get_response(request)
        finally:
            origin.current.reset(answering)


class BrowserRulesMiddleware:
    """Tells browsers who may embed an answer and which powers of theirs a page has."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in settings.BROWSER_RULES.items():
            response.headers.setdefault(name, value)
        return response


class HealthMiddleware:
    """Answers the health checks by whatever scheme and host they are asked."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = health.VIEWS.get(request.path_info)
        return view(request) if view else self.get_response(request)


class GoesOnMiddleware:
    """Tells script that has sent a form where to go on; it would load that page only to see it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if STAYS in request.headers and "Location" in response.headers:
            response.status_code = HTTPStatus.OK
            response["X-Goes-To"] = response.headers["Location"]
            del response.headers["Location"]
        return response


class EnglishMiddleware:
    """Leads to the English page whose browser remembers English; addresses alone are Malay."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_asked = request.method in {"GET", "HEAD"} and not get_language_from_path(request.path)
        if is_asked and request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) == "en":
            here = request.get_full_path()
            if (page := translate_url(here, "en")) != here:
                response = redirect(page)
                patch_vary_headers(response, ["Cookie"])
                return response
        return self.get_response(request)


class RequestTooLargeMiddleware:
    """Answers 413 in our own words, before the body is read."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _declared_bytes(request) > settings.REQUEST_MAX_BYTES:
            return too_large(request)
        return self.get_response(request)


class SignedInMiddleware:
    """Keeps pages out of the wrong caches, and the session alive while it is used."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        patch_vary_headers(response, ["Save-Data"])  # a phone that saves data gets no fonts
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            # Asked again who it is, an absent database would be waited for twice.
            response.headers.setdefault("Cache-Control", "no-store")
            return response
        # A view that reads no cookie (the bank's return) must not be made to answer with one.
        if request.session.accessed and request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
            self._touch(request)
        return response

    def _touch(self, request: HttpRequest) -> None:
        """Moves the end of the session at most once a minute: writing it costs queries."""
        kept, now = facts(request), timezone.now()
        if kept.touched_at is None or now - kept.touched_at >= _TOUCH_SPACING:
            kept.touched_at = now


class ClosedByDefaultMiddleware(LoginRequiredMiddleware):
    """Django's; nobody stays signed in for too long, and officers and drivers keep apart.

    A public view decides for itself whether the session is read at all: the bank's return must
    neither read nor write a cookie, but Django asks who the user is first.
    """

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        """Sends a stranger with a file to the log-in before anybody, CSRF included, reads it."""
        is_large = _declared_bytes(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        is_file = is_large and request.content_type == "multipart/form-data"
        if is_file and not request.user.is_authenticated:
            return redirect_to_login(request.path)
        return None

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> Any:
        if not getattr(view_func, "login_required", True):
            return None
        if request.user.is_authenticated and _is_over(request):
            hours = _longest(request).total_seconds() // 3600
            logout(request)
            words = _("Sesi anda telah tamat selepas %(hours)d jam. Log masuk semula")
            messages.info(request, words % {"hours": hours})
        if (led_back := _own_side(request)) is not None:
            return led_back
        response = super().process_view(request, view_func, view_args, view_kwargs)
        if response is not None and request.method == "POST":
            keep_unsent(request, request.get_full_path())
        return response


def _declared_bytes(request: HttpRequest) -> int:
    length = request.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() and len(length) < 20 else 0


def _own_side(request: HttpRequest) -> HttpResponse | None:
    """Leads back whoever is on the other side: an officer is no driver, and a driver no officer.

    An account of one kind has nothing that pages of the other ask for, such as a phone.
    """
    is_desk = bool(request.resolver_match and "admin" in request.resolver_match.app_names)
    if not request.user.is_authenticated or request.user.is_staff == is_desk:
        return None
    if is_desk:
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))
    return redirect("admin:index")


def _is_over(request: HttpRequest) -> bool:
    """True when somebody logged in too long ago, however busy they have been."""
    signed_in_at = facts(request).signed_in_at
    return signed_in_at is not None and timezone.now() - signed_in_at >= _longest(request)


def _longest(request: HttpRequest) -> timedelta:
    """How long a session may last: an officer's ends with the working day."""
    is_staff = request.user.is_staff
    return STAFF_SESSION_LIFE if is_staff else SIGNED_IN_LIFE
