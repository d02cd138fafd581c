"""An officer at the desk, and rows to look at."""

from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY

from accounts.http.session import Facts
from tests.factories import make_officer


def seated(client, officer=None):
    """A browser of an officer who has typed the digits of his authenticator."""
    officer = officer or make_officer()
    client.force_login(officer)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = officer.authenticator_set.get().persistent_id
    Facts(session).signed_in_at = timezone.now()
    session.save()
    return officer


def freshly_seated(client, officer=None):
    """The same, and the digits were typed just now."""
    officer = seated(client, officer)
    session = client.session
    Facts(session).totp_at = timezone.now()
    session.save()
    return officer
