"""Log-in, steps 8 and 9: the phrase shown back, the password, the code on an unknown device.

An IC number without an opened account gets the same pages, the same queries, one password hash and
a steady false phrase: the pages do not tell who has an account.
"""

import base64
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from accounts import secret_phrase, tasks
from accounts.models import Channel, KnownDevice, PhoneDevice, Purpose, User
from accounts.services import codes, devices, limits
from foundation import audit, outbox
from foundation.alarms import raise_alarm
from foundation.encryption import blind_index
from foundation.refusals import Refusal


class WrongPassword(Refusal):
    """Unknown IC number, sign-up that is not opened, or wrong password: not to be told apart."""

    words = _("Nombor kad pengenalan atau Kata Laluan tidak betul")


@dataclass(frozen=True)
class Authenticated:
    """Who gave the right password, and their browser, if it is known."""

    user: User
    device: KnownDevice | None


@sensitive_variables("ic_number")
def shown_phrase(*, ic_number: str) -> str:
    """The account's phrase, or the steady decoy of an IC number without an account."""
    user = User.objects.opened().with_ic_number(ic_number).first()
    decoy = secret_phrase.decoy(ic_number, key=base64.b64decode(settings.DECOY_KEY))
    return (user.secret_phrase if user else "") or decoy


@sensitive_variables("ic_number", "device_secret")
def count_ic_number(*, ic_number: str, device_secret: str, network: str, at: datetime) -> None:
    """Counts one look at a phrase against the sender's network; raises TooMany, and alarms.

    A browser that the account knows is not counted: strangers share its network.
    """
    if _known_device(ic_number, device_secret, at) is not None:
        return
    try:
        limits.take("ic_per_network", network, at=at)
    except limits.TooMany:
        raise_alarm("phrases_looked_up", limits.name_of(network), at=at, detail="one network")
        raise


@sensitive_variables("ic_number", "password", "device_secret")
def authenticate(
    *,
    ic_number: str,
    password: str,
    device_secret: str,
    network: str,
    attempt: UUID,
    at: datetime,
) -> Authenticated:
    """Checks IC number and password; an unknown device is sent a code for `attempt`.

    Raises TooMany and WrongPassword, after the same queries and one hash.

    Strangers share the tries of their network and, in all, of the IC number; the owner passes them
    by with a known device, or by a code or a mailed link (password_reset).
    """
    device = _known_device(ic_number, device_secret, at)
    counts = _counts(ic_number, device, network)
    refusal = _refusal(counts, at)
    user = device.user if device else User.objects.opened().with_ic_number(ic_number).first()
    is_right = _is_password_of(user, password)
    if refusal or user is None or not is_right:
        _note_refusal(user, ic_number, at)
        raise refusal or WrongPassword
    _forget(counts)
    if device is None:
        limits.give_back("ic_per_network", network)
        _send_first_code(user, attempt, at)
    return Authenticated(user, device)


def _send_first_code(user: User, attempt: UUID, at: datetime) -> None:
    """By SMS, in a minute if another browser was just sent one; by e-mail when they are used up."""
    check = code_check(user, attempt)
    try:
        codes.request_code_once(check, at=at)
    except limits.TooMany:
        if not codes.is_mailbox_enough(user.pk, at=at):
            raise
        codes.request_code_once(check, at=at, channel=Channel.EMAIL)


@sensitive_variables("ic_number")
def _counts(ic_number: str, device: KnownDevice | None, network: str) -> dict[str, str]:
    """The limits that a try counts against, and as whom."""
    if device:
        return {"password_tries": f"device:{device.pk}"}
    return {
        "password_tries": f"ic:{ic_number}:{network}",
        "password_tries_in_all": f"ic:{ic_number}",
    }


def _refusal(counts: dict[str, str], at: datetime) -> limits.TooMany | None:
    """Counts the try; the last refusal, if any."""
    refusal = None
    for limit, who in counts.items():
        try:
            limits.take(limit, who, at=at)
        except limits.TooMany as error:
            refusal = error
    return refusal


def _forget(counts: dict[str, str]) -> None:
    """Whoever gave the right password begins anew."""
    for limit, who in counts.items():
        limits.forget(limit, who)


@sensitive_variables("ic_number", "secret")
def _known_device(ic_number: str, secret: str, at: datetime) -> KnownDevice | None:
    """The sender's browser, if the account of this IC number knows it."""
    known = KnownDevice.objects.good(at).with_secret(secret).select_related("user")
    index = blind_index("ic_number", ic_number)
    return known.filter(user__ic_number_index=index, user__opened_at__isnull=False).first()


@sensitive_variables("password")
def _is_password_of(user: User | None, password: str) -> bool:
    """True for an account's password; one hash in any case."""
    if user is None or not user.is_active:
        make_password(password)
        return False
    return check_password(password, user.password)


@sensitive_variables("ic_number")
def _note_refusal(user: User | None, ic_number: str, at: datetime) -> None:
    """Keeps, once an hour for an IC number, that a log-in was refused.

    An IC number without an account leaves an event of nobody, else the time would tell. Whoever
    holds a list fills no more of the trail than the limit for all, and raises an alarm.
    """
    if not limits.is_free("refusals_noted", f"ic:{ic_number}", at=at):
        return
    if limits.is_free("refusals_noted_in_all", "", at=at):
        audit.record("log_in_refused", subject=user or User(), at=at)
    else:
        raise_alarm("log_ins_refused", "", at=at, detail="more than the audit trail notes")


def code_check(user: User, attempt: UUID) -> codes.CodeCheck:
    """How a user proves their phone on an unknown device."""
    device, _is_new = PhoneDevice.objects.get_or_create(user=user, defaults={"name": "SMS"})
    return codes.CodeCheck(Purpose.LOG_IN, attempt, device, str(user.phone))


@sensitive_variables("digits", "old_secret")
def confirm_device(
    *,
    user: User,
    attempt: UUID,
    digits: str,
    is_to_be_remembered: bool,
    old_secret: str,
    at: datetime,
) -> KnownDevice | None:
    """Takes the code, tells the owner by mail, and remembers the browser if asked to.

    Raises TooMany, WrongCode and ExpiredCode.
    """
    with codes.used_code(code_check(user, attempt), digits, at=at):
        event = audit.record("logged_in_on_new_device", subject=user, by=user, at=at)
        outbox.add(tasks.send_new_device, event.pk, at=at)
        if not is_to_be_remembered:
            return None
        return devices.remember_device(user=user, old_secret=old_secret, at=at)
