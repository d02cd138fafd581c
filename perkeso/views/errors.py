"""An honest page for everything that goes wrong."""

import logging
import sys

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils import timezone
from django.views.decorators.csrf import requires_csrf_token

from foundation import origin
from foundation.alarms import raise_alarm

log = logging.getLogger(__name__)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request makes no sense; 413 when Django finds that it holds too much."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return too_large(request)
    return render(request, "400.html", status=400)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the page is somebody else's."""
    return render(request, "403.html", status=403)


@login_not_required
@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the page was open for too long, or cookies are off."""
    return render(request, "403_csrf.html", status=403)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: there is no such page, or it is somebody else's."""
    return render(request, "404.html", status=404)


def too_large(request: HttpRequest) -> HttpResponse:
    """413: more was sent than a page takes."""
    return HttpResponse(get_template("413.html").render(), status=413)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; 503 while the database is away. The page asks nothing of what is broken."""
    if isinstance(sys.exception(), OperationalError):
        return unavailable(request)
    number = origin.current.get().request_id
    _alarm(request, number)
    return HttpResponse(get_template("500.html").render({"number": number}), status=500)


def _alarm(request: HttpRequest, number: str) -> None:
    """One alarm a page; its detail names the kind of fault and the request, as the log does."""
    page = request.resolver_match.view_name if request.resolver_match else ""
    fault = type(sys.exception()).__name__
    try:
        raise_alarm("server_error", page[:80], at=timezone.now(), detail=f"{fault} {number}")
    except DatabaseError:
        log.exception("no alarm could be raised about %s", number)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: a part of the portal is down for now."""
    response = HttpResponse(get_template("503.html").render(), status=503)
    response["Retry-After"] = "60"
    return response
