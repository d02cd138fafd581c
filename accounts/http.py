"""What accounts read from a request and write to an answer: session keys, cookies, networks.

The session holds ids only; the IC number between the two log-in pages is encrypted.
"""

import ipaddress
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import KnownDevice, User
from perkeso.encryption import decrypt, encrypt

SIGN_UP = "sign_up"
LINK = "link"
LOG_IN_IC = "log_in_ic"
LOG_IN_CODE = "log_in_code"
RESET = "reset"
NEXT = "next"
SIGNED_IN_AT = "signed_in_at"
_COLUMN = "session.ic_number"
Response = TypeVar("Response", bound=HttpResponse)


class UserRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User


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


def device_secret(request: HttpRequest) -> str:
    """What the browser's known-device cookie holds."""
    return request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")


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


def kept_ic_number(request: HttpRequest) -> str:
    """The IC number typed on the first log-in page; empty when the session was lost."""
    stored = request.session.get(LOG_IN_IC)
    return decrypt(stored, column=_COLUMN) if stored else ""


def keep_next(request: HttpRequest) -> None:
    """Keeps where somebody wanted to go, if that is a page of ours."""
    wanted = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        request.session[NEXT] = wanted


def kept_uuid(request: HttpRequest, key: str) -> UUID | None:
    """An id kept in the session as text."""
    stored = request.session.get(key)
    return UUID(stored) if stored else None
