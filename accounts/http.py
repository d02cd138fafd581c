"""What accounts read from a request and write to an answer: session keys, cookies, networks.

The session holds ids only; the IC number between the two log-in pages is encrypted.
"""

import ipaddress
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.browser import browser_name
from accounts.models import EmailLink, KnownDevice, User
from accounts.models.secrets import secret_hash
from foundation.encryption import decrypt, encrypt
from foundation.wording import local_phone

SIGN_UP = "sign_up"
LINK = "link"
LOG_IN_IC = "log_in_ic"
LOG_IN_ATTEMPT = "log_in_attempt"
LOG_IN_CODE = "log_in_code"
RESET = "reset"
FORGOTTEN_IC = "forgotten_ic"
NEXT = "next"
SIGNED_IN_AT = "signed_in_at"
TOTP_AT = "totp_at"
PROOF = "proof"
PROOF_FOR = "proof_for"
NEW_PHONE = "new_phone"
CASE = "case"
_COLUMN = "session.ic_number"
Response = TypeVar("Response", bound=HttpResponse)


class UserRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: a POST's fields, even none; nothing otherwise."""
    return request.POST if request.method == "POST" else None


def typed_phone(user: User) -> str:
    """The user's number as people write it, to put into a box."""
    return local_phone(str(user.phone))


def network(request: HttpRequest) -> str:
    """The sender's network (/24 or /48), by which strangers are counted; carriers share addresses.

    Behind our own proxy it is the address that the proxy added last, which nobody can forge.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        address = request.headers.get("X-Forwarded-For", address).rpartition(",")[2].strip()
    try:
        bits = 24 if ipaddress.ip_address(address).version == 4 else 48
        return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))
    except ValueError:
        return "unknown"


def too_many(request: HttpRequest, minutes: int) -> HttpResponse:
    """429: too many tries; says after how many minutes to try again."""
    response = render(request, "429.html", {"minutes": minutes}, status=429)
    response["Retry-After"] = str(60 * minutes)
    return response


def device_secret(request: HttpRequest) -> str:
    """What the browser's known-device cookie holds."""
    return request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")


def this_device_hash(request: HttpRequest) -> str:
    """By what the sender's browser is known, if it is."""
    secret = device_secret(request)
    return secret_hash(secret) if secret else ""


def browser(request: HttpRequest) -> str:
    """What the sender's browser is called."""
    return browser_name(request.headers.get("User-Agent", ""))


def remember(response: Response, device: KnownDevice | None) -> Response:
    """Puts a known device's secret into the browser's cookie."""
    if device is not None:
        response.set_cookie(
            settings.DEVICE_COOKIE_NAME,
            device.secret,
            max_age=settings.KNOWN_DEVICE_LIFE,
            secure=settings.IS_HTTPS,
            httponly=True,
            samesite="Lax",
        )
    return response


def keep_ic_number(request: HttpRequest, ic_number: str) -> None:
    """Carries the IC number from the first log-in page to the second."""
    request.session[LOG_IN_IC] = encrypt(ic_number, column=_COLUMN)
    request.session.setdefault(LOG_IN_ATTEMPT, str(uuid4()))


def kept_ic_number(request: HttpRequest) -> str:
    """The IC number typed on the first log-in page; empty when the session was lost."""
    stored = request.session.get(LOG_IN_IC)
    return decrypt(stored, column=_COLUMN) if stored else ""


def keep_forgotten_ic(request: HttpRequest, ic_number: str) -> None:
    """Carries it from the first log-in page to "forgotten password": no look at a phrase."""
    request.session[FORGOTTEN_IC] = encrypt(ic_number, column=_COLUMN)


def forgotten_ic(request: HttpRequest) -> str:
    """The IC number that was typed at log-in; empty when there was none."""
    stored = request.session.get(FORGOTTEN_IC) or request.session.get(LOG_IN_IC)
    return decrypt(stored, column=_COLUMN) if stored else ""


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
        request.session[NEXT] = wanted


def log_in_attempt(request: HttpRequest) -> UUID:
    """What the codes of this browser's log-in are bound to; it began with the IC number."""
    return UUID(request.session[LOG_IN_ATTEMPT])


def carry_link(request: HttpRequest, token: str, page: str) -> HttpResponse:
    """Moves a mailed link into a fresh session and goes to an address without the token.

    Nothing else changes: mail scanners follow links, too. The session keeps the link's row, not
    its token; an unknown token leaves none, and the page says so.
    """
    link = EmailLink.objects.with_token(token).first()
    request.session[LINK] = link.pk if link else None
    request.session.cycle_key()
    response = redirect(page)
    response.status_code = 303
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def carried_link(
    request: HttpRequest, purpose: EmailLink.Purpose | None = None
) -> EmailLink | None:
    """The link that this browser opened last, if it is for that purpose."""
    links = EmailLink.objects.select_related("user").filter(pk=request.session.get(LINK) or 0)
    return (links.filter(purpose=purpose) if purpose else links).first()


def note_totp(request: HttpRequest, at: datetime) -> None:
    """The officer has just typed digits of his authenticator: for five minutes they are fresh."""
    request.session[TOTP_AT] = at.timestamp()


def has_fresh_totp(request: HttpRequest, at: datetime) -> bool:
    """True when this session's last digits are at most five minutes old."""
    age = at.timestamp() - request.session.get(TOTP_AT, 0)
    return bool(0 <= age <= settings.FRESH_TOTP_LIFE.total_seconds())


def fresh_totp_required(view: Callable[..., Any]) -> Callable[..., Any]:
    """Asks an officer for fresh digits of his authenticator before `view`: a page of the desk.

    For whatever shows an IC number whole, exports, or gives money back:
    `from accounts.http import fresh_totp_required`, below `permission_required`; a method of an
    admin class takes `@method_decorator(fresh_totp_required)`. A POST is not repeated for him: he
    comes back to the page that sent it and presses once more.
    """

    @wraps(view)
    def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if has_fresh_totp(request, timezone.now()):
            return view(request, *args, **kwargs)
        back = request.get_full_path() if request.method == "GET" else _page_before(request)
        return redirect(f"{reverse('admin:fresh_totp')}?{urlencode({'next': back})}")

    return asking


def _page_before(request: HttpRequest) -> str:
    """The path of our own page that sent this form; the desk's front page if it does not tell."""
    came_from = request.headers.get("Referer", "")
    ours = f"{request.scheme}://{request.get_host()}/"
    path = came_from.removeprefix(ours.removesuffix("/")) if came_from.startswith(ours) else ""
    return own_path(request, path) or reverse("admin:index")
