"""The cookies that outlive a session: the known device, whose log-in it was, the language."""

from datetime import timedelta
from typing import TypeVar

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse

from accounts.models import KnownDevice, User
from accounts.models.known_device import KNOWN_DEVICE_LIFE
from accounts.models.secrets import secret_hash
from foundation.encryption import keyed_digest

# Longer than this nobody stays signed in, however busy.
SIGNED_IN_LIFE = timedelta(hours=12)
_LANGUAGE_LIFE = timedelta(days=365)

Response = TypeVar("Response", bound=HttpResponse)


def device_secret(request: HttpRequest) -> str:
    """What the browser's known-device cookie holds."""
    return request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")


def this_device_hash(request: HttpRequest) -> str:
    """By what the sender's browser is known, if it is."""
    secret = device_secret(request)
    return secret_hash(secret) if secret else ""


def remember(response: Response, device: KnownDevice | None) -> Response:
    """Puts a known device's secret into the browser's cookie."""
    if device is not None:
        _set(response, settings.DEVICE_COOKIE_NAME, device.secret, KNOWN_DEVICE_LIFE)
    return response


def sign_for(response: Response, user: User) -> Response:
    """Lets the browser remember, for a day, whose log-in it was; it cannot be read or forged."""
    _set(response, settings.OWNER_COOKIE_NAME, owner_cookie(user), 2 * SIGNED_IN_LIFE)
    return response


def speak(response: Response, language: str) -> Response:
    """Lets the browser remember in which language its owner reads."""
    _set(response, settings.LANGUAGE_COOKIE_NAME, language, _LANGUAGE_LIFE)
    return response


def owner_of(user: User) -> str:
    """What the browser remembers of a log-in: whose it was, without telling it."""
    return keyed_digest("owner", str(user.pk))


def owner_cookie(user: User) -> str:
    """The same as the cookie holds it: signed, for what is kept for an owner takes room."""
    return _signer().sign(owner_of(user))


def remembered_owner(request: HttpRequest) -> str:
    """Whose log-in the browser remembers; empty when it remembers none of ours."""
    try:
        return _signer().unsign(request.COOKIES.get(settings.OWNER_COOKIE_NAME, ""))
    except BadSignature:
        return ""


def _signer() -> Signer:
    return Signer(salt="accounts.owner")


def _set(response: HttpResponse, name: str, value: str, life: timedelta) -> None:
    response.set_cookie(
        name, value, max_age=life, secure=settings.IS_HTTPS, httponly=True, samesite="Lax"
    )
