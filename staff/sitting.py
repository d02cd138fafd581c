"""An officer sits down at the desk, or is not let in: his session's rules, and the event."""

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest  # noqa: TID251 (an edge)
from django.utils.translation import gettext as _

from accounts.http import SIGNED_IN_AT, UserRequest, note_totp
from accounts.models import Authenticator, User
from accounts.services.recovery_codes import count_recovery_codes
from foundation import audit

FEW = 3


def sit_down(request: UserRequest, at: datetime) -> None:
    """Begins a session that ends sooner than a driver's; a recovery code counts as no fresh digits.

    Warns whoever could soon not get in without his authenticator.
    """
    officer = request.user
    # A number, not a moment: Django then counts from the last use.
    request.session.set_expiry(int(settings.STAFF_IDLE_LIFE.total_seconds()))
    request.session[SIGNED_IN_AT] = int(at.timestamp())
    is_totp = isinstance(officer.otp_device, Authenticator)  # type: ignore[attr-defined]
    if is_totp:
        note_totp(request, at)
    way = "totp" if is_totp else "recovery_code"
    audit.record("officer_logged_in", subject=officer, by=officer, at=at, way=way)
    if count_recovery_codes(officer) < FEW:
        words = _("Kod pemulihan anda hampir habis atau belum dibuat. Buat 10 kod baharu.")
        messages.warning(request, words)


def note_refusal(request: HttpRequest, at: datetime) -> None:
    """Keeps that an officer's name was tried in vain; names that are nobody's leave nothing."""
    name = request.POST.get("username", "")
    officer = User.objects.filter(username=name, is_staff=True).first()
    if officer:
        audit.record("officer_log_in_refused", subject=officer, at=at)
