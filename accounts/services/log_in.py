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
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from accounts import secret_phrase, tasks
from accounts.models import KnownDevice, PhoneDevice, Purpose, User
from accounts.services import limits
from accounts.services.codes import CodeCheck, request_code, request_code_once, used_code
from accounts.services.devices import remember_device
from perkeso import audit, outbox
from perkeso.encryption import blind_index


class WrongPassword(Exception):
    """Unknown IC number, sign-up that is not opened, or wrong password: not to be told apart."""

    def __init__(self) -> None:
        super().__init__(_("Nombor kad pengenalan atau Kata Laluan tidak betul"))


@dataclass(frozen=True)
class Authenticated:
    """Who gave the right password, and whether his browser is known."""

    user: User
    is_known_device: bool


@sensitive_variables("ic_number")
def shown_phrase(*, ic_number: str) -> str:
    """The account's phrase, or the steady decoy of an IC number without an account."""
    user = User.objects.opened().with_ic_number(ic_number).first()
    decoy = secret_phrase.decoy(ic_number, key=base64.b64decode(settings.DECOY_KEY))
    return (user.secret_phrase if user else "") or decoy


def count_ic_number(*, network: str, at: datetime) -> None:
    """Counts one look at a phrase against the sender's network; raises TooMany."""
    limits.take("ic_per_network", network, at=at)


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

    Raises TooMany and WrongPassword.

    Tries are counted before the hash is computed, by IC number, or by the device if the account
    knows it: strangers who use up an IC number's tries do not keep its owner out.
    """
    device = _known_device(ic_number, device_secret, at)
    who = f"device:{device.pk}" if device else f"ic:{ic_number}"
    limits.take("password_tries", who, at=at)
    user = User.objects.opened().filter(is_active=True).with_ic_number(ic_number).first()
    if not _is_right(user, password):
        raise WrongPassword
    assert user
    limits.forget("password_tries", who)
    limits.give_back("ic_per_network", network)
    if device is None:
        request_code_once(code_check(user, attempt), at=at)
    return Authenticated(user, device is not None)


@sensitive_variables("ic_number", "secret")
def _known_device(ic_number: str, secret: str, at: datetime) -> KnownDevice | None:
    """The sender's browser, if the account of this IC number knows it."""
    devices = KnownDevice.objects.good(at).with_secret(secret)
    index = blind_index("ic_number", ic_number)
    return devices.filter(user__ic_number_index=index, user__opened_at__isnull=False).first()


@sensitive_variables("password")
def _is_right(user: User | None, password: str) -> bool:
    """One hash in any case."""
    if user is None:
        make_password(password)
        return False
    return check_password(password, user.password)


def code_check(user: User, attempt: UUID) -> CodeCheck:
    """How a user proves his phone on an unknown device."""
    device, _is_new = PhoneDevice.objects.get_or_create(user=user, defaults={"name": "SMS"})
    return CodeCheck(Purpose.LOG_IN, attempt, device, str(user.phone))


def request_log_in_code(*, user: User, attempt: UUID, at: datetime) -> None:
    """Asks for another code to an unknown device; raises TooMany."""
    request_code(code_check(user, attempt), at=at)


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
    """Takes the code, tells the owner by mail, and remembers the browser if he wants.

    Raises TooMany, WrongCode and ExpiredCode.
    """
    with used_code(code_check(user, attempt), digits, at=at):
        event = audit.record("logged_in_on_new_device", subject=user, by=user, at=at)
        outbox.add(tasks.send_new_device, event.pk, at=at)
        if not is_to_be_remembered:
            return None
        return remember_device(user=user, old_secret=old_secret, at=at)
