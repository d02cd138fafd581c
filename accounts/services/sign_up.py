"""Sign-up, steps 3 to 5: particulars, the phone proved by a code, the link asked for.

Unproved data reserves nothing: several sign-ups may hold one IC number, each with codes and links
of its own, until one of them is opened. A sign-up with the IC number of an opened account goes
the same way to the same pages, but the link is not sent: the owner is told at his own address.
"""

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from accounts import tasks
from accounts.models import EmailLink, KnownDevice, PhoneDevice, Purpose, User
from accounts.services import limits
from accounts.services.codes import CodeCheck, request_code, request_code_once, used_code
from accounts.services.devices import remember_device
from perkeso import outbox


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
        had_phone = sign_up.phone
        _fill(sign_up, particulars, at)
        check = code_check(sign_up)
        if had_phone != particulars.phone:
            check.device.codes.all().delete()
        if not had_phone:
            limits.take("sign_up_per_network", network, at=at)
        request_code_once(check, at=at)
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


def code_check(sign_up: User) -> CodeCheck:
    """How a sign-up proves its phone."""
    assert sign_up.sign_up_attempt
    device = PhoneDevice.objects.get(user=sign_up)
    return CodeCheck(Purpose.SIGN_UP, sign_up.sign_up_attempt, device, str(sign_up.phone))


def send_code_again(*, sign_up: User, phone: str, at: datetime) -> None:
    """Asks for another code, to another number if `phone` is one; raises TooMany."""
    with transaction.atomic():
        check = code_check(sign_up)
        if phone != sign_up.phone:
            check.device.codes.all().delete()
            sign_up.phone = phone
            sign_up.save(update_fields=["phone", "phone_index"])
            check = code_check(sign_up)
        request_code(check, at=at)


@sensitive_variables("digits", "old_secret")
def confirm_phone(
    *, sign_up: User, digits: str, network: str, old_secret: str, at: datetime
) -> KnownDevice:
    """Takes the code, makes the browser a known device and has the link sent.

    Raises TooMany, WrongCode and ExpiredCode.
    """
    with used_code(code_check(sign_up), digits, at=at):
        sign_up.phone_proved_at = at
        sign_up.save(update_fields=["phone_proved_at"])
        limits.give_back("sign_up_per_network", network)
        _request_first_link(sign_up, at)
        return remember_device(user=sign_up, old_secret=old_secret, at=at)


def _request_first_link(sign_up: User, at: datetime) -> None:
    """Has the link sent, or the IC number's owner told; either costs the same."""
    link = EmailLink.objects.create(
        user=sign_up, purpose=EmailLink.Purpose.ACTIVATE, requested_at=at
    )
    owner = _owner(sign_up)
    if owner is None:
        outbox.add(tasks.send_email_link, link.pk, at=at)
    else:
        outbox.add(tasks.send_account_exists, owner.pk, at=at)


def _owner(sign_up: User) -> User | None:
    """Who has opened an account with the sign-up's IC number."""
    return User.objects.opened().with_ic_number(str(sign_up.ic_number)).first()


def send_link_again(*, sign_up: User, email: str, at: datetime) -> None:
    """Has another link sent, to another address if `email` is one; raises TooMany.

    Links to the old address are out of use at once.
    """
    limits.take("link_per_hour", f"{EmailLink.Purpose.ACTIVATE}:{sign_up.pk}", at=at)
    with transaction.atomic():
        if email != sign_up.email:
            sign_up.links.unused().update(superseded_at=at)
            sign_up.email = email
            sign_up.save(update_fields=["email", "email_index"])
        _request_first_link(sign_up, at)
