"""Fresh proof: whoever is signed in types the password again, and a code where more is at stake."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from accounts.models import Channel, PhoneDevice, Purpose, User
from accounts.services import codes, limits
from foundation import audit
from foundation.refusals import Refusal


class WrongOwnPassword(Refusal):
    """It is not the account's password."""

    words = _("Kata Laluan tidak betul")


@sensitive_variables("password")
def prove_password(*, user: User, password: str, at: datetime) -> None:
    """Raises WrongOwnPassword, and TooMany before the hash is computed.

    Counted apart from log-ins: whoever holds an open session must not keep its owner out.
    """
    who = f"proof:{user.pk}"
    limits.take("password_tries", who, at=at)
    if not user.check_password(password):
        audit.record("own_password_refused", subject=user, by=user, at=at)
        raise WrongOwnPassword
    limits.forget("password_tries", who)


def request_proof_code(*, user: User, attempt: UUID, at: datetime) -> None:
    """Asks for a code to the phone of the account, once an attempt; raises TooMany."""
    codes.request_code_once(_check(user, attempt), at=at)


def request_another_code(
    *, user: User, attempt: UUID, at: datetime, channel: Channel = Channel.SMS
) -> None:
    """Asks for one more, by e-mail if the phone is not at hand; raises TooMany."""
    codes.request_code(_check(user, attempt), at=at, channel=channel)


def proof_code_state(*, user: User, attempt: UUID, at: datetime) -> codes.CodeState:
    """What the code page says; after a new password codes come by SMS only, for a day."""
    return codes.safe_code_state(user, _check(user, attempt), at=at)


@sensitive_variables("digits")
def prove_phone(*, user: User, attempt: UUID, digits: str, at: datetime) -> None:
    """Takes the code; raises TooMany, WrongCode and ExpiredCode."""
    with codes.used_code(_check(user, attempt), digits, at=at):
        pass


def _check(user: User, attempt: UUID) -> codes.CodeCheck:
    device, _is_new = PhoneDevice.objects.get_or_create(user=user, defaults={"name": "SMS"})
    return codes.CodeCheck(Purpose.PROOF, attempt, device, str(user.phone))
