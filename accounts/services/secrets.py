"""A new password, a new secret phrase, for who is signed in; the owner is told of either."""

from datetime import datetime

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from accounts import tasks
from accounts.models import User
from accounts.services import proof, sessions
from foundation import audit, outbox


@sensitive_variables("old_password", "password")
def change_password(*, user: User, old_password: str, password: str, at: datetime) -> None:
    """Sets another password and ends every session; the caller keeps this one alive.

    Raises WrongOwnPassword and TooMany.
    """
    proof.prove_password(user=user, password=old_password, at=at)
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        sessions.end_sessions(user=user)
        event = audit.record("password_changed", subject=user, by=user, at=at)
        outbox.add_all(
            (tasks.send_password_changed, tasks.send_password_changed_sms), event.pk, at=at
        )


@sensitive_variables("phrase")
@transaction.atomic
def change_phrase(*, user: User, phrase: str, at: datetime) -> None:
    """Sets another phrase."""
    user.secret_phrase = phrase
    user.save(update_fields=["secret_phrase"])
    event = audit.record("phrase_changed", subject=user, by=user, at=at)
    outbox.add_all((tasks.send_phrase_changed, tasks.send_phrase_changed_sms), event.pk, at=at)


def change_language(*, user: User, language: str, at: datetime) -> None:
    """From now on mails, SMS and receipts are in this language."""
    with transaction.atomic():
        user.language = language
        user.save(update_fields=["language"])
        audit.record("language_changed", subject=user, by=user, at=at, language=language)
