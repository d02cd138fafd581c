"""Another phone, another e-mail address: the new one is proved before it replaces the old.

The old and the new one are told, and every other session ends. The old address gets a link that
for a day brings both back as they were before it and before what was changed in the day before it.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from accounts import tasks
from accounts.models import Code, ContactChange, EmailLink, PhoneDevice, Purpose, User
from accounts.models.link import EMAIL_LINK_LIFE
from accounts.services import codes, devices, limits, links, mails, persons, sessions
from foundation import audit, outbox
from foundation.refusals import Refusal

_LINKS_TO_OLD_ADDRESS = [EmailLink.Purpose.RESET, EmailLink.Purpose.NEW_EMAIL]


class SameContact(Refusal):
    """It is the one that the account has already."""

    words = _("Ini sama seperti yang ada sekarang")


def pending_change(*, user: User, attempt: UUID | None) -> ContactChange | None:
    """The change of a phone that this browser asked for, until it is made."""
    changes = ContactChange.objects.filter(user=user, changed_at=None).exclude(phone="")
    return changes.select_related("user").filter(attempt=attempt).first() if attempt else None


def request_new_phone(
    *, user: User, phone: str, attempt: UUID, log_in_id: int | None, at: datetime
) -> ContactChange:
    """Asks for a code to the new phone; `attempt` is of this phone alone: pressed twice, it is one.

    Raises SameContact and TooMany, and then keeps nothing.
    """
    if phone == user.phone:
        raise SameContact
    with transaction.atomic():
        change, is_new = ContactChange.objects.get_or_create(
            attempt=attempt,
            defaults={"user": user, "phone": phone, "log_in_id": log_in_id, "requested_at": at},
        )
        if is_new:
            limits.take("numbers_per_account", str(user.pk), at=at)
        codes.request_code_once(new_phone_check(change), at=at)
    return change


@sensitive_variables("digits")
def confirm_new_phone(
    *, change: ContactChange, digits: str, session_key: str | None, at: datetime
) -> None:
    """Takes the code, and the new phone replaces the old; the session with this key goes on.

    Raises TooMany, WrongCode and ExpiredCode.
    """
    with codes.used_code(new_phone_check(change), digits, at=at):
        make_change(change=change, session_key=session_key, at=at)


def new_phone_check(change: ContactChange) -> codes.CodeCheck:
    """How a browser proves the new phone; sends are counted by its number."""
    device, _is_new = PhoneDevice.objects.get_or_create(user=change.user, defaults={"name": "SMS"})
    return codes.CodeCheck(Purpose.NEW_PHONE, change.attempt, device, change.phone)


def request_new_email(
    *, user: User, email: str, log_in_id: int | None, at: datetime
) -> ContactChange:
    """Has a link sent to the new address; an earlier request is out of use at once.

    Raises SameContact and TooMany.
    """
    if email == user.email:
        raise SameContact
    limits.take("link_per_hour", f"{EmailLink.Purpose.NEW_EMAIL}:{user.pk}", at=at)
    mails.count_link(email=email, at=at)
    with transaction.atomic():
        earlier = user.links.unused().filter(purpose=EmailLink.Purpose.NEW_EMAIL)
        earlier.update(superseded_at=at)
        change = ContactChange.objects.create(
            user=user, email=email, log_in_id=log_in_id, requested_at=at
        )
        _request_link(change, EmailLink.Purpose.NEW_EMAIL, at)
    return change


def _request_link(change: ContactChange, purpose: EmailLink.Purpose, at: datetime) -> None:
    link = EmailLink.objects.create(
        user=change.user, purpose=purpose, contact_change=change, requested_at=at
    )
    outbox.add(tasks.send_email_link, link.pk, at=at)


def confirm_new_email(*, link_id: int, session_key: str | None, at: datetime) -> ContactChange:
    """The new address replaces the old; the session with this key goes on. Raises ClosedLink."""
    with links.used_link(link_id, EmailLink.Purpose.NEW_EMAIL, at=at) as link:
        assert link.contact_change
        make_change(change=link.contact_change, session_key=session_key, at=at)
        return link.contact_change


@transaction.atomic
def make_change(*, change: ContactChange, session_key: str | None, at: datetime) -> None:
    """Puts the proved phone or address in the place of the old, and tells both ends.

    Of the person's sessions two go on: the one with this key, and the one that asked for it.
    """
    persons.lock_account(change.user_id)
    person = User.objects.get(pk=change.user_id)
    change.old_phone, change.old_email = str(person.phone or ""), str(person.email or "")
    change.changed_at = at
    change.save(update_fields=["old_phone", "old_email", "changed_at"])
    _reach(person, change.phone or change.old_phone, change.email or change.old_email, at)
    sessions.end_sessions(user=person, but=session_key, but_log_in=change.log_in_id)
    audit.record("contact_changed", subject=person, by=person, at=at, change=change.pk)
    _request_link(change, EmailLink.Purpose.UNDO, at)
    _tell(change, at)


def _reach(person: User, phone: str, email: str, at: datetime) -> None:
    """From now on the person is reached there; what is under way to the old end opens nothing."""
    person.phone, person.email = phone, email
    person.save(update_fields=["phone", "phone_index", "email", "email_index"])
    person.links.unused().filter(purpose__in=_LINKS_TO_OLD_ADDRESS).update(superseded_at=at)
    Code.objects.filter(device__user=person, used_at=None).delete()


def _tell(change: ContactChange, at: datetime) -> None:
    acts = (
        tasks.send_contact_changed,
        tasks.send_contact_changed_sms,
        tasks.send_contact_changed_old_sms,
    )
    outbox.add_all(acts, change.pk, at=at)


def undo_change(*, link_id: int, at: datetime) -> User:
    """Brings back the oldest phone and address that a link could, and ends every session.

    All changes in between are undone, and their own links are out of use: whoever made them cannot
    bring them back. Raises ClosedLink.
    """
    with links.used_link(link_id, EmailLink.Purpose.UNDO, at=at) as link:
        change = link.contact_change
        assert change
        person: User = link.user
        undone = _undone_with(change)
        person.links.unused().filter(contact_change__in=undone).update(superseded_at=at)
        ContactChange.objects.filter(pk__in=[each.pk for each in undone]).update(undone_at=at)
        _reach(person, undone[-1].old_phone, undone[-1].old_email, at)
        devices.forget_devices(user=person)
        sessions.end_sessions(user=person)
        audit.record("contact_change_undone", subject=person, by=person, at=at, change=change.pk)
        for each in undone:
            _tell(each, at)
        return person


def _undone_with(change: ContactChange) -> list[ContactChange]:
    """The changes in force since, this one, and those before it, each within a day; newest first.

    Whoever took the phone, and then the address, had only the first undone by the link to it.
    """
    in_force = ContactChange.objects.in_force().filter(user=change.user_id)
    undone: list[ContactChange] = []
    first = change.changed_at
    for each in in_force.order_by("-changed_at", "-pk"):
        assert each.changed_at
        assert first
        if each.changed_at <= first - EMAIL_LINK_LIFE:
            break
        undone.append(each)
        first = min(first, each.changed_at)
    return undone
