"""Forgotten password: IC number and phone, a code, a mailed link, a new password.

Whether IC number and phone belong to an account is told by SMS only, never by a page.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from accounts import tasks
from accounts.models import Channel, EmailLink, KnownDevice, PhoneDevice, Purpose, User
from accounts.services import codes, devices, limits, links, log_in, sessions
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

    Nobody is refused, whatever strangers asked for: it is the owner's way on. When the SMS are
    used up, or too many wrong codes were typed, a link is mailed instead.
    """
    users = User.objects.opened().filter(is_active=True).with_ic_number(ic_number)
    user = users.filter(phone_index=blind_index("phone", phone)).first()
    who = str(blind_index("reset", f"{ic_number} {phone}"))
    reset = Reset(attempt, user.pk if user else None, who)
    _send(reset, codes.request_code_once, at)
    return reset


def send_reset_code(*, reset: Reset, at: datetime) -> None:
    """Asks for another code, or for a link when the SMS are used up; raises TooSoon."""
    _send(reset, codes.request_code, at)


def _send(reset: Reset, request: Callable[..., object], at: datetime) -> None:
    """By `request`; by a link where no code by SMS can be sent or would be taken."""
    check = reset_check(reset)
    is_to_be_mailed = codes.are_codes_used_up(check, at=at)
    try:
        if not is_to_be_mailed:
            request(check, at=at)
    except codes.TooSoon:
        raise
    except limits.TooMany:
        is_to_be_mailed = True
    if is_to_be_mailed:
        request_reset_link(reset=reset, at=at)


def request_reset_link(*, reset: Reset, at: datetime) -> None:
    """Has the worker mail a link, which needs no code; the password alone opens no new browser.

    Mails are few, so that strangers cannot fill the mailbox. Whoever comes when they are used up
    finds a good link there: each lives for at least as long as the limit counts.
    """
    if limits.is_free("reset_links", reset.counted_as, at=at):
        codes.add_request(reset_check(reset), channel=Channel.EMAIL, at=at)


def reset_code_state(*, reset: Reset, at: datetime) -> codes.CodeState:
    """What the code page says; the same of an attempt that matches nobody.

    Whether the gateway took an SMS would tell that there was one. An attempt that sent nothing
    waits for the newest mail.
    """
    state = codes.code_state(reset_check(reset), at=at, unsent=Channel.EMAIL)
    return replace(state, is_refused=False, may_be_mailed=True)


def reset_check(reset: Reset) -> codes.CodeCheck:
    """How a browser proves the phone; nobody's phone has no row and proves nothing."""
    device = PhoneDevice.objects.filter(user=reset.user_id).first() or PhoneDevice()
    return codes.CodeCheck(Purpose.RESET, reset.attempt, device, reset.counted_as)


@sensitive_variables("digits", "old_secret")
def confirm_reset(*, reset: Reset, digits: str, old_secret: str, at: datetime) -> KnownDevice:
    """Takes the code and has the link sent; the browser, which proved the phone, is known.

    Raises TooMany, WrongCode and ExpiredCode.
    """
    check = reset_check(reset)
    with codes.used_code(check, digits, at=at):
        user: User = check.device.user
        link = EmailLink.objects.create(user=user, purpose=EmailLink.Purpose.RESET, requested_at=at)
        outbox.add(tasks.send_email_link, link.pk, at=at)
        return devices.remember_device(user=user, old_secret=old_secret, at=at)


@sensitive_variables("password", "old_secret")
def set_new_password(
    *,
    link_id: int,
    password: str,
    proved_user_id: int | None,
    old_secret: str,
    attempt: UUID,
    at: datetime,
) -> KnownDevice | None:
    """Sets the password, ends every session and device, and tells the owner by mail and SMS.

    The browser becomes a known device only if it proved the phone too (`proved_user_id`): a link
    that was read in somebody's mailbox must not open more than the password. Another browser is
    sent a code for its log-in's `attempt`, past all who guess passwords. Raises ClosedLink.
    """
    with links.used_link(link_id, EmailLink.Purpose.RESET, at=at) as link:
        user: User = link.user
        user.set_password(password)
        user.save(update_fields=["password"])
        link.siblings.update(superseded_at=at)
        devices.forget_devices(user=user)
        sessions.end_sessions(user=user)
        _tell_owner(user, at)
        check = log_in.code_check(user, attempt)
        codes.forget_sends(check)  # whoever used them up knew the old password
        if user.pk == proved_user_id:
            return devices.remember_device(user=user, old_secret=old_secret, at=at)
        codes.request_code_once(check, at=at)
        return None


def _tell_owner(user: User, at: datetime) -> None:
    with transaction.atomic():
        event = audit.record("password_reset", subject=user, by=user, at=at)
        outbox.add_all(
            (tasks.send_password_changed, tasks.send_password_changed_sms), event.pk, at=at
        )
