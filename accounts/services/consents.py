"""Consents to the privacy notice: asked again when its words have changed, kept as a history."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.models import Consent, User
from foundation import audit


def needs_consent(user: User) -> bool:
    return user.consent_version != settings.PRIVACY_NOTICE_VERSION


@transaction.atomic
def give_consent(*, user: User, language: str, at: datetime) -> None:
    """Keeps that the user agreed to the notice as it stands, in the words of this language."""
    user.consent_version = settings.PRIVACY_NOTICE_VERSION
    user.consent_language, user.consented_at = language, at
    user.save(update_fields=["consent_version", "consent_language", "consented_at"])
    keep_consent(user=user)
    audit.record("consent_given", subject=user, by=user, at=at, version=user.consent_version)


def keep_consent(*, user: User) -> None:
    """Writes the user's present consent into the history, once."""
    if user.consented_at is not None:
        Consent.objects.get_or_create(
            user=user,
            version=user.consent_version,
            defaults={"language": user.consent_language, "at": user.consented_at},
        )
