"""Fresh proof: who is signed in types his password again, and a code where more is at stake."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from accounts.models import PhoneDevice, Purpose, User
from accounts.services import limits
from accounts.services.codes import CodeCheck, request_code, request_code_once, used_code


class WrongOwnPassword(Exception):
    """It is not his password."""

    def __init__(self) -> None:
        super().__init__(_("Kata Laluan tidak betul"))


@sensitive_variables("password")
def prove_password(*, user: User, password: str, at: datetime) -> None:
    """Raises WrongOwnPassword, and TooMany before the hash is computed.

    Counted apart from log-ins: whoever holds an open session must not keep its owner out.
    """
    who = f"proof:{user.pk}"
    limits.take("password_tries", who, at=at)
    if not user.check_password(password):
        raise WrongOwnPassword
    limits.forget("password_tries", who)


def request_proof_code(*, user: User, attempt: UUID, at: datetime, is_again: bool = False) -> None:
    """Asks for a code to the phone of the account; the same attempt asks once unless `is_again`.

    Raises TooMany.
    """
    request = request_code if is_again else request_code_once
    request(_check(user, attempt), at=at)


@sensitive_variables("digits")
def prove_phone(*, user: User, attempt: UUID, digits: str, at: datetime) -> None:
    """Takes the code; raises TooMany, WrongCode and ExpiredCode."""
    with used_code(_check(user, attempt), digits, at=at):
        pass


def _check(user: User, attempt: UUID) -> CodeCheck:
    device, _is_new = PhoneDevice.objects.get_or_create(user=user, defaults={"name": "SMS"})
    return CodeCheck(Purpose.PROOF, attempt, device, str(user.phone))
