"""After a case and its day: the new address and the new phone are proved, then replace the old."""

from datetime import datetime

from django.views.decorators.debug import sensitive_variables

from accounts.models import AccountCase, EmailLink
from accounts.services import codes, contacts, devices, links
from foundation import audit, states


def request_recovery_code(*, link: EmailLink, at: datetime) -> None:
    """Asks for a code to the new phone, one a minute; the link stays good. Raises TooMany."""
    assert link.contact_change
    codes.request_code_once(contacts.new_phone_check(link.contact_change), at=at)


@sensitive_variables("digits")
def recover_account(*, link: EmailLink, digits: str, at: datetime) -> None:
    """Takes code and link; phone and address are the new ones, every session ends.

    Raises ClosedLink, TooMany, WrongCode and ExpiredCode; then both stay good.
    """
    change = link.contact_change
    assert change
    with (
        codes.used_code(contacts.new_phone_check(change), digits, at=at),
        links.used_link(link.pk, EmailLink.Purpose.RECOVER, at=at),
    ):
        case = AccountCase.objects.select_for_update().get(contact_change=change)
        states.move(case, AccountCase.Status.DONE, by=link.user, at=at)
        contacts.make_change(change=change, session_key=None, at=at)
        devices.forget_devices(user=link.user)
        audit.record("account_recovered", subject=link.user, by=link.user, at=at, case=case.pk)
