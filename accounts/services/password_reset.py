"""Forgotten password: IC number and phone, a code, a mailed link, a new password.

Whether IC number and phone belong to an account is told by SMS only, never by a page.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from accounts import tasks
from accounts.models import Channel, EmailLink, KnownDevice, PhoneDevice, Purpose, User
from accounts.services.codes import (
    CodeCheck,
    CodeState,
    code_state,
    request_code,
    request_code_once,
    used_code,
)
from accounts.services.devices import forget_devices, remember_device
from accounts.services.links import used_link
from accounts.services.sessions import end_sessions
from foundation import audit, outbox
from foundation.encryption import blind_index


@dataclass(frozen=True)
class Reset:
    """One browser's attempt; `user_id` is None when nobody has that IC number and phone.

    `counted_as` names both by a blind index, so that the pages need to keep neither.
    """

    attempt: UUID
    user_id: int | None
    counted_as: str


@sensitive_variables("ic_number", "phone")
def request_reset(*, ic_number: str, phone: str, attempt: UUID, at: datetime) -> Reset:
    """Asks for a code if IC number and phone belong together, and looks the same if not.

    Raises TooMany, for strangers' numbers as well. Networks are not counted: it is the way in for
    an owner whose network a stranger has used up, and sends only to phones that have an account.
    """
    users = User.objects.opened().filter(is_active=True).with_ic_number(ic_number)
    user = users.filter(phone_index=blind_index("phone", phone)).first()
    who = str(blind_index("reset", f"{ic_number} {phone}"))
    reset = Reset(attempt, user.pk if user else None, who)
    request_code_once(_check(reset), at=at)
    return reset


def send_reset_code(*, reset: Reset, at: datetime, channel: Channel = Channel.SMS) -> None:
    """Asks for another code; raises TooMany."""
    request_code(_check(reset), at=at, channel=channel)


def reset_code_state(*, reset: Reset, at: datetime) -> CodeState:
    """What the code page says; the same of an attempt that matches nobody."""
    return code_state(_check(reset), at=at)


def _check(reset: Reset) -> CodeCheck:
    """How a browser proves the phone; nobody's phone has no row and proves nothing."""
    device = PhoneDevice.objects.filter(user=reset.user_id).first() or PhoneDevice()
    return CodeCheck(Purpose.RESET, reset.attempt, device, reset.counted_as)


@sensitive_variables("digits", "old_secret")
def confirm_reset(
    *, reset: Reset, digits: str, old_secret: str, at: datetime
) -> KnownDevice | None:
    """Takes the code and has the link sent; a code by SMS makes the browser a known device.

    Raises TooMany, WrongCode and ExpiredCode.
    """
    check = _check(reset)
    with used_code(check, digits, at=at) as code:
        user: User = check.device.user
        link = EmailLink.objects.create(user=user, purpose=EmailLink.Purpose.RESET, requested_at=at)
        outbox.add(tasks.send_email_link, link.pk, at=at)
        if code.channel == Channel.EMAIL:
            return None
        return remember_device(user=user, old_secret=old_secret, at=at)


@sensitive_variables("password", "old_secret")
def set_new_password(
    *, link_id: int, password: str, proved_user_id: int | None, old_secret: str, at: datetime
) -> KnownDevice | None:
    """Sets the password, ends every session and device, and tells the owner by mail and SMS.

    The browser becomes a known device only if it proved the phone too (`proved_user_id`): a link
    that was read in somebody's mailbox must not open more than the password. Raises ClosedLink.
    """
    with used_link(link_id, EmailLink.Purpose.RESET, at=at) as link:
        user: User = link.user
        user.set_password(password)
        user.save(update_fields=["password"])
        forget_devices(user=user)
        end_sessions(user=user)
        _tell_owner(user, at)
        if user.pk != proved_user_id:
            return None
        return remember_device(user=user, old_secret=old_secret, at=at)


def _tell_owner(user: User, at: datetime) -> None:
    with transaction.atomic():
        event = audit.record("password_reset", subject=user, by=user, at=at)
        outbox.add(tasks.send_password_changed, event.pk, at=at)
        outbox.add(tasks.send_password_changed_sms, event.pk, at=at)
