"""Opening an account, step 7: phrase and password through the link, which this uses up."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.views.decorators.debug import sensitive_variables

from accounts.models import EmailLink, KnownDevice, User
from accounts.services import consents, devices, links
from foundation import audit


class AccountExists(Exception):
    """Somebody opened an account with this IC number first."""


@sensitive_variables("phrase", "password", "old_secret")
def open_account(
    *, link_id: int, phrase: str, password: str, old_secret: str, at: datetime
) -> KnownDevice:
    """Sets phrase and password, opens the account and makes the browser a known device.

    Raises ClosedLink when the link does not open any more, AccountExists when another sign-up of
    the IC number was opened first; then the link stays unused.
    """
    with links.used_link(link_id, EmailLink.Purpose.ACTIVATE, at=at) as link:
        user: User = link.user
        user.secret_phrase = phrase
        user.set_password(password)
        user.opened_at = at
        user.is_active = True
        _save_once(user)
        consents.keep_consent(user=user)
        audit.record("account_opened", subject=user, by=user, at=at)
        return devices.remember_device(user=user, old_secret=old_secret, at=at)


def is_taken(*, sign_up: User) -> bool:
    """True when the IC number of a sign-up has got an account through another one."""
    return User.objects.opened().with_ic_number(sign_up.ic_number).exists()


def _save_once(user: User) -> None:
    """The database says whether the IC number is free: asking before would leave a race."""
    try:
        with transaction.atomic():
            user.save(update_fields=["secret_phrase", "password", "opened_at", "is_active"])
    except IntegrityError:
        raise AccountExists from None
