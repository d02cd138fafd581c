"""Officers' log-in: name, password and digits, judged together.

Whatever is wrong, the answer is the same, after the same queries and one hash: nobody learns that
a password is right without what its owner's authenticator shows. Wrong tries leave no mark on the
authenticator, so that nobody can make it wait for its owner.
"""

import re
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from accounts.models import Authenticator, KnownDevice, RecoveryDevice, User
from accounts.models.known_device import KNOWN_DEVICE_LIFE
from accounts.services import limits
from foundation import audit
from foundation.alarms import raise_alarm
from foundation.audit import AuditEvent
from foundation.refusals import Refusal

Proof = Authenticator | RecoveryDevice
_RECOVERY_CODE = re.compile(r"[0-9]{12}")


class WrongAnswers(Refusal):
    """Something is wrong: the name, the password or the digits."""

    words = _("Nama pengguna, kata laluan atau kod tidak betul")


@sensitive_variables("username", "password", "digits", "device_secret")
def authenticate_officer(
    *,
    username: str,
    password: str,
    digits: str,
    device_secret: str,
    network: str,
    at: datetime,
) -> Proof:
    """The officer's authenticator, or list of recovery codes, which took the digits.

    Raises TooMany and WrongAnswers. Strangers share the tries of a name in their network and in
    all. A browser that the officer used before passes them by, and so does a recovery code, which
    is too long to be guessed; a network where the officer logged in lately is counted by itself.
    """
    officer = User.objects.filter(username=username, is_staff=True, is_active=True).first()
    counts = _counts(username, digits, device_secret, network, at)
    if _is_own_network(officer, network, at):
        counts.pop("officer_tries_in_all", None)
    refusal = _refusal(counts, at)
    is_right = _is_password_of(officer, password)
    proof = _taken(officer, digits, is_wanted=is_right and not refusal)
    if proof is None:
        _note_refusal(officer, at)
        raise refusal or WrongAnswers
    for limit, who in counts.items():
        limits.forget(limit, who)
    return proof


@sensitive_variables("username", "digits", "device_secret")
def _counts(
    username: str, digits: str, device_secret: str, network: str, at: datetime
) -> dict[str, str]:
    """The limits that a try counts against, and as whom."""
    devices = KnownDevice.objects.good(at).with_secret(device_secret)
    device = devices.filter(user__username=username, user__is_staff=True).first()
    if device:
        return {"password_tries": f"device:{device.pk}"}
    if _RECOVERY_CODE.fullmatch(digits):
        return {}
    return {
        "password_tries": f"staff:{username}@{network}",
        "officer_tries_in_all": f"staff:{username}",
    }


def _is_own_network(officer: User | None, network: str, at: datetime) -> bool:
    """True where the officer logged in lately: whoever guesses elsewhere takes nothing from it."""
    log_ins = AuditEvent.objects.filter(
        subject_type=User._meta.label_lower,
        subject_id=str(officer.pk if officer else 0),
        action="officer_logged_in",
        at__gt=at - KNOWN_DEVICE_LIFE,
    )
    return log_ins.filter(network=network).exists()


def _refusal(counts: dict[str, str], at: datetime) -> limits.TooMany | None:
    """Counts the try; the last refusal, if any. Guessing from many networks raises an alarm."""
    refusal = None
    for limit, who in counts.items():
        try:
            limits.take(limit, who, at=at)
        except limits.TooMany as error:
            refusal = error
            if limit == "officer_tries_in_all":
                name = limits.name_of(who)
                raise_alarm("officer_passwords_guessed", name, at=at, detail="from many networks")
    return refusal


@sensitive_variables("password")
def _is_password_of(officer: User | None, password: str) -> bool:
    """True for an officer's password; one hash in any case."""
    if officer is None:
        make_password(password)
        return False
    return check_password(password, officer.password)


@sensitive_variables("digits")
@transaction.atomic
def _taken(officer: User | None, digits: str, *, is_wanted: bool) -> Proof | None:
    """What shows these digits and has now taken them; it is looked at in any case."""
    kind = RecoveryDevice if _RECOVERY_CODE.fullmatch(digits) else Authenticator
    own = kind.objects.filter(user=officer.pk if officer else 0, confirmed=True)
    # Locked, so that no digits are taken twice.
    proof: Proof = own.select_for_update().order_by("pk").first() or kind.of_nobody()
    is_shown = proof.shows(digits)
    if not (is_wanted and is_shown):
        return None
    proof.throttle_reset(commit=False)  # the waits are those of fresh digits
    return proof if proof.verify_token(digits) else None


def _note_refusal(officer: User | None, at: datetime) -> None:
    """Keeps that a log-in was refused, of names that are nobody's too, else the time would tell."""
    if limits.is_free("refusals_noted_in_all", "staff", at=at):
        audit.record("officer_log_in_refused", subject=officer or User(), at=at)
    else:
        detail = "more than the audit trail notes"
        raise_alarm("log_ins_refused", "staff", at=at, detail=detail)
