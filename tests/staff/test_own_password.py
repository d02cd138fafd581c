"""An officer's own password: few tries, fresh digits, rules of ours, and an event."""

import pytest
from django.conf import settings

from accounts.models import KnownDevice, Session
from accounts.services.devices import remember_device
from foundation.audit import AuditEvent
from tests.accounts.pages import errors, lands
from tests.factories import AT
from tests.staff.desk import freshly_seated, seated

pytestmark = pytest.mark.django_db
PAGE = "/staf/password_change/"
OLD, NEW = "kata laluan pegawai", "hujan di atas bumbung zink"


def typed(old=OLD, new=NEW):
    return {"old_password": old, "password": new, "password_confirmation": new}


def test_it_ends_other_sessions_forgets_browsers_and_is_an_event(client):
    officer = freshly_seated(client)
    remember_device(user=officer, old_secret="", at=AT)
    Session.objects.create(
        session_key="x" * 32, session_data="", expire_date=AT, user_id=officer.pk
    )
    assert lands(client.post(PAGE, typed()), "/staf/")
    assert client.get("/staf/").status_code == 200
    assert not Session.objects.filter(session_key="x" * 32).exists()
    assert not KnownDevice.objects.exists()
    officer.refresh_from_db()
    assert officer.check_password(NEW)
    assert AuditEvent.objects.filter(action="officer_password_changed", by=officer).exists()


def test_whoever_sits_down_at_an_open_desk_may_not_guess_the_password(client):
    officer = freshly_seated(client)
    most = settings.LIMITS["password_tries"][0]
    for number in range(most):
        assert errors(client.post(PAGE, typed(f"tekaan {number}")), "old_password")
    assert AuditEvent.objects.filter(action="own_password_refused").count() == most
    assert errors(client.post(PAGE, typed()), "old_password")
    officer.refresh_from_db()
    assert officer.check_password(OLD)


def test_it_asks_for_fresh_digits(client):
    seated(client)
    assert client.get(PAGE).url.startswith("/staf/pengesahan/?next=")


@pytest.mark.parametrize("weak", ["perkeso perkeso", "puan rohani 123", "password123"])
def test_it_holds_to_the_rules_of_all_passwords(client, weak):
    freshly_seated(client)
    assert errors(client.post(PAGE, typed(new=weak)), "password")
