"""What stands before a page: where it may lead, fresh digits of an officer."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.http.again import PASSWORDS, show_again, typed_fields
from accounts.http.session import facts

# For so long an officer's digits allow what fresh ones are asked for.
FRESH_TOTP_LIFE = timedelta(minutes=5)


def too_many(request: HttpRequest, minutes: int) -> HttpResponse:
    """429: too many tries; says after how many minutes to try again."""
    response = render(request, "429.html", {"minutes": minutes}, status=429)
    response["Retry-After"] = str(60 * minutes)
    return response


def own_path(request: HttpRequest, wanted: str) -> str:
    """`wanted` if it is a path on this site, else nothing.

    A word without a slash is a page's name to Django, which fails where there is no such page.
    """
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours and wanted.startswith("/") else ""


def keep_next(request: HttpRequest) -> None:
    """Keeps where somebody wanted to go, if that is a page of ours."""
    if wanted := own_path(request, request.GET.get("next", "")):
        facts(request).next = wanted


def fresh_totp_required(view: Callable[..., Any]) -> Callable[..., Any]:
    """Asks an officer for fresh digits of the authenticator before `view`: a page of the desk.

    For whatever shows an IC number whole, exports, or gives money back; it stands below
    `permission_required`. A POST is not repeated: the officer comes back to the page that sent it,
    is told that nothing was done, finds what was typed, and presses once more.
    """

    @wraps(view)
    def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if _has_fresh_totp(request):
            return view(request, *args, **kwargs)
        is_act = request.method == "POST"
        back = _page_before(request) if is_act else request.get_full_path()
        facts(request).waiting_act = is_act or None
        if is_act and typed_fields(request.POST, but=PASSWORDS):
            show_again(request, back, request.POST, {})
        return redirect(f"{reverse('admin:fresh_totp')}?{urlencode({'next': back})}")

    return asking


def _has_fresh_totp(request: HttpRequest) -> bool:
    """True when this session's last digits are at most five minutes old."""
    typed_at, now = facts(request).totp_at, timezone.now()
    return typed_at is not None and typed_at <= now <= typed_at + FRESH_TOTP_LIFE


def _page_before(request: HttpRequest) -> str:
    """The path of our own page that sent this form; the desk's front page if it does not tell."""
    came_from = request.headers.get("Referer", "")
    ours = f"{request.scheme}://{request.get_host()}/"
    path = came_from.removeprefix(ours.removesuffix("/")) if came_from.startswith(ours) else ""
    return own_path(request, path) or reverse("admin:index")
