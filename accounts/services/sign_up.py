"""Sign-up, steps 3 to 5: particulars, the phone proved by a code, the link asked for.

Unproved data reserves nothing: several sign-ups may hold one IC number, each with codes and links
of its own, until one of them is opened. A sign-up with the IC number of an opened account goes
the same way to the same pages, but no link is sent: the owner is told, at the account's address.
"""

import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from accounts import tasks
from accounts.models import Channel, EmailLink, KnownDevice, PhoneDevice, Purpose, User
from accounts.services import codes, devices, limits, mails, persons, watch
from foundation import outbox
from foundation.alarms import is_on

_PREFIX = len("+6012345")  # the numbers that share it are neighbours


@dataclass(frozen=True)
class Particulars:
    """What the sign-up form asks, and in which words consent was given."""

    ic_number: str
    full_name: str
    phone: str
    email: str
    language: str
    consent_version: str


@sensitive_variables("particulars")
def begin_sign_up(
    *, attempt: uuid.UUID, particulars: Particulars, network: str, at: datetime
) -> User:
    """Keeps the particulars and asks for a code; the same form sent twice is one sign-up.

    `attempt` names the form, `network` the sender's. Raises TooMany, and then keeps nothing.
    """
    with transaction.atomic():
        sign_up = _sign_up_of(attempt, at)
        had_phone, had_email = sign_up.phone, sign_up.email
        _fill(sign_up, particulars, at)
        check = code_check(sign_up)
        if had_phone != particulars.phone:
            check.codes.filter(channel=Channel.SMS).delete()
        if had_email != particulars.email:
            check.codes.filter(channel=Channel.EMAIL).delete()
        if not codes.was_just_requested(check, at=at):
            _request_code(sign_up, codes.request_code_soon, network, at)
    return sign_up


def _sign_up_of(attempt: uuid.UUID, at: datetime) -> User:
    """The form's sign-up, locked; a new one when its phone is proved already."""
    sign_up, _is_new = User.objects.select_for_update().get_or_create(
        sign_up_attempt=attempt, defaults={"created_at": at}
    )
    if sign_up.phone_proved_at is None:
        return sign_up
    return User.objects.create(sign_up_attempt=uuid.uuid4(), created_at=at)


def _fill(sign_up: User, particulars: Particulars, at: datetime) -> None:
    for name, value in asdict(particulars).items():
        setattr(sign_up, name, value)
    sign_up.consent_language = particulars.language
    sign_up.consented_at = at
    sign_up.set_unusable_password()
    sign_up.save()
    PhoneDevice.objects.get_or_create(user=sign_up, defaults={"name": "SMS"})


def code_check(sign_up: User) -> codes.CodeCheck:
    """How a sign-up proves its phone."""
    assert sign_up.sign_up_attempt
    device = PhoneDevice.objects.get(user=sign_up)
    return codes.CodeCheck(Purpose.SIGN_UP, sign_up.sign_up_attempt, device, str(sign_up.phone))


def _request_code(
    sign_up: User, request: Callable[..., object], network: str, at: datetime
) -> None:
    """Asks for a code to a number that nobody has proved; raises TooMany.

    When many are asked for at once, or all that the number gets in a day, it goes to the mailbox
    first, and the SMS follows as soon as its code is typed. Nobody is refused for the SMS that
    others ask for, only where mails are used up as well: whoever types no code can choose whose
    mailbox they fill.
    """
    check = code_check(sign_up)
    if check.codes.filter(channel=Channel.EMAIL, used_at__isnull=False).exists():
        _request_sms(sign_up, request, at)
    elif not codes.are_sends_used_up(check, at=at) and _is_quiet(sign_up, network, at):
        request(check, at=at)
    else:
        mails.count_mail(email=str(sign_up.email), network=network, at=at)
        # Counted by the mailbox: by the number, strangers could use this up, too.
        of_mailbox = replace(check, who=str(sign_up.email).lower())
        request(of_mailbox, channel=Channel.EMAIL, at=at)


def _request_sms(sign_up: User, request: Callable[..., object], at: datetime) -> None:
    """Asks for an SMS for somebody whose mailbox is proved; raises TooMany.

    A proved mailbox has a few of its own where strangers used up what the number gets.
    """
    check = code_check(sign_up)
    try:
        request(check, at=at)
    except codes.TooSoon:
        raise
    except limits.TooMany:
        if codes.was_just_requested(check, at=at, channel=Channel.SMS):
            raise
        mails.take_reserved_code(email=str(sign_up.email), at=at)
        codes.add_request(check, channel=Channel.SMS, at=at)


def _is_quiet(sign_up: User, network: str, at: datetime) -> bool:
    """Counts one SMS; False when the network, the neighbouring numbers or all are too busy."""
    counts = [
        limits.is_free("sign_up_per_network", network, at=at),
        limits.is_free("codes_per_prefix", _prefix(sign_up), at=at),
    ]
    return all(counts) and not is_on(watch.SMS_IS_SPENT, at=at)


def _prefix(sign_up: User) -> str:
    """What the phone has in common with its neighbours."""
    return str(sign_up.phone)[:_PREFIX]


def send_code_again(*, sign_up: User, phone: str, network: str, at: datetime) -> None:
    """Asks for another code, to another number if `phone` is one; raises TooMany."""
    with transaction.atomic():
        persons.lock_account(sign_up.pk)
        if phone != sign_up.phone:
            assert sign_up.sign_up_attempt
            limits.take("numbers_per_sign_up", str(sign_up.sign_up_attempt), at=at)
            code_check(sign_up).codes.filter(channel=Channel.SMS).delete()
            sign_up.phone = phone
            sign_up.save(update_fields=["phone", "phone_index"])
        _request_code(sign_up, codes.request_code, network, at)


@sensitive_variables("digits", "old_secret")
def confirm_phone(
    *, sign_up: User, digits: str, network: str, old_secret: str, at: datetime
) -> KnownDevice | None:
    """Takes the code, makes the browser a known device and has the link sent.

    A code that was mailed proves the mailbox only: then the SMS is asked for, and None returned.
    Raises TooMany, WrongCode and ExpiredCode.
    """
    with codes.used_code(code_check(sign_up), digits, at=at) as code:
        if code.channel == Channel.EMAIL:
            mails.give_mail_back(email=str(sign_up.email), network=network)
            _request_sms(sign_up, codes.request_code_soon, at)
            return None
        sign_up.phone_proved_at = at
        sign_up.save(update_fields=["phone_proved_at"])
        limits.give_back("sign_up_per_network", network)
        limits.give_back("codes_per_prefix", _prefix(sign_up))
        if mails.is_first_link_free(email=str(sign_up.email), at=at):
            _request_link(sign_up, at)
        return devices.remember_device(user=sign_up, old_secret=old_secret, at=at)


def _request_link(sign_up: User, at: datetime) -> None:
    """Has the link sent, or the IC number's owner told; either costs the same."""
    link = EmailLink.objects.create(
        user=sign_up, purpose=EmailLink.Purpose.ACTIVATE, requested_at=at
    )
    owner = _owner(sign_up)
    if owner is None:
        outbox.add(tasks.send_email_link, link.pk, at=at)
    else:
        outbox.add(tasks.send_account_exists, owner.pk, at=at)


def is_link_sent(sign_up: User) -> bool:
    """False when its mailbox had too many: another one is asked for."""
    return sign_up.links.exists()


def _owner(sign_up: User) -> User | None:
    return User.objects.opened().with_ic_number(str(sign_up.ic_number)).first()


def send_link_again(*, sign_up: User, email: str, at: datetime) -> None:
    """Has another link sent, to another address if `email` is one; raises TooMany.

    Links to the old address are out of use at once.
    """
    limits.take("link_per_hour", f"{EmailLink.Purpose.ACTIVATE}:{sign_up.phone}", at=at)
    mails.count_link(email=email, at=at)
    with transaction.atomic():
        persons.lock_account(sign_up.pk)
        if email != sign_up.email:
            sign_up.links.unused().update(superseded_at=at)
            sign_up.email = email
            sign_up.save(update_fields=["email", "email_index"])
        _request_link(sign_up, at)
