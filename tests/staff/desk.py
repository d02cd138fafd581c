"""An officer at the desk, and rows to look at."""

from django_otp import DEVICE_ID_SESSION_KEY

from tests.factories import make_officer


def seated(client, officer=None):
    """A browser of an officer who has typed the digits of his authenticator."""
    officer = officer or make_officer()
    client.force_login(officer)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = officer.totpdevice_set.get().persistent_id
    session.save()
    return officer
