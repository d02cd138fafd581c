"""An officer logs in at the desk: the session's rules, and the event."""

from datetime import datetime, timedelta

import django_otp
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest  # noqa: TID251 (an edge)
from django.utils.translation import gettext as _

from accounts.http.session import facts
from accounts.models import Authenticator
from accounts.services import officer_log_in, recovery_codes
from foundation import audit

# An officer's session ends after so long unused.
STAFF_IDLE_LIFE = timedelta(minutes=10)

FEW = 3
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def begin_staff_session(request: HttpRequest, proof: officer_log_in.Proof, at: datetime) -> None:
    """Begins a session that ends sooner than a driver's; a recovery code counts as no fresh digits.

    Warns whoever could soon not get in without the authenticator.
    """
    officer = proof.user
    login(request, officer, backend=_BACKEND)
    django_otp.login(request, proof)
    # A number, not a moment: Django then counts from the last use.
    request.session.set_expiry(int(STAFF_IDLE_LIFE.total_seconds()))
    facts(request).signed_in_at = at
    is_totp = isinstance(proof, Authenticator)
    if is_totp:
        facts(request).totp_at = at
    way = "totp" if is_totp else "recovery_code"
    audit.record("officer_logged_in", subject=officer, by=officer, at=at, way=way)
    if recovery_codes.count_recovery_codes(officer) < FEW:
        words = _("Kod pemulihan anda hampir habis atau belum dibuat. Buat 10 kod baharu.")
        messages.warning(request, words)
