"""Fresh proof: whoever is signed in types the password again, and a code where more is at stake."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from accounts.models import PhoneDevice, Purpose, User
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


@sensitive_variables("digits")
def prove_phone(*, user: User, attempt: UUID, digits: str, at: datetime) -> None:
    """Takes the code; raises TooMany, WrongCode and ExpiredCode."""
    with codes.used_code(code_check(user, attempt), digits, at=at):
        pass


def code_check(user: User, attempt: UUID) -> codes.CodeCheck:
    """How a user proves the phone of the account once more."""
    device, _is_new = PhoneDevice.objects.get_or_create(user=user, defaults={"name": "SMS"})
    return codes.CodeCheck(Purpose.PROOF, attempt, device, str(user.phone))
