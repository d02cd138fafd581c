"""Closing an account for log-in: its rows stay, nobody enters by it any more."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.services import devices, sessions
from foundation import audit


@transaction.atomic
def close_for_log_in(*, user: User, by: User, at: datetime, action: str) -> None:
    """Forgets what opens the account, ends its sessions and frees its IC number.

    Another account may then be opened with it. `action` names the act in the audit trail.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    person.closed_at = at
    person.is_active = False
    person.secret_phrase = ""
    person.set_unusable_password()
    person.save(update_fields=["closed_at", "is_active", "secret_phrase", "password"])
    person.links.unused().update(superseded_at=at)
    devices.forget_devices(user=person)
    sessions.end_sessions(user=person)
    audit.record(action, subject=person, by=by, at=at)
