"""What is masked is read whole for a purpose, by those who may, and each reading is an event."""

from datetime import timedelta

import pytest

from accounts.http.session import Facts
from foundation.audit import AuditEvent
from tests.accounts.pages import errors
from tests.factories import make_officer, make_user
from tests.staff.desk import freshly_seated

pytestmark = pytest.mark.django_db


@pytest.fixture
def aminah():
    return make_user(ic_number="850101145523")


def url(user):
    return f"/staf/accounts/user/{user.pk}/dedahkan/"


def whole(user):
    """Each field as it would be read."""
    phone = f"012-{user.phone[5:-4]} {user.phone[-4:]}"
    return {"ic_number": user.ic_number, "phone": phone, "email": user.email}


@pytest.mark.parametrize(
    ("group", "fields"),
    [
        ("reviewer", ["ic_number"]),
        ("support", ["phone", "email"]),
        (None, ["ic_number", "phone", "email"]),
    ],
)
def test_each_group_reads_what_it_needs(client, aminah, group, fields):
    officer = freshly_seated(client, make_officer(group=group))
    page = client.post(url(aminah), {"purpose": "call"})
    assert "no-store" in page.headers["Cache-Control"]
    assert [name for name, value in whole(aminah).items() if value in page.text] == fields
    event = AuditEvent.objects.get()
    assert (event.action, event.by, event.subject_id) == (
        "personal_data_read",
        officer,
        str(aminah.pk),
    )
    assert event.detail == {"fields": fields, "purpose": "call"}


@pytest.mark.parametrize("group", ["finance", "auditor", "administrator"])
def test_others_read_nothing(client, aminah, group):
    freshly_seated(client, make_officer(group=group))
    assert client.get(url(aminah)).status_code == 403
    assert client.post(url(aminah), {"purpose": "call"}).status_code == 403
    assert not AuditEvent.objects.exists()


def test_opening_the_page_shows_and_notes_nothing(client, aminah):
    freshly_seated(client)
    page = client.get(url(aminah)).text
    assert not any(value in page for value in whole(aminah).values())
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("typed", [{}, {"purpose": "ingin tahu"}])
def test_a_purpose_is_asked_for(client, aminah, typed):
    freshly_seated(client)
    page = client.post(url(aminah), typed)
    assert errors(page, "purpose") == ["Pilih tujuan"]
    assert aminah.ic_number not in page.text


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_digits_must_be_fresh(client, aminah, method):
    freshly_seated(client)
    session = client.session
    Facts(session).totp_at -= timedelta(seconds=301)
    session.save()
    answer = getattr(client, method)(url(aminah), {"purpose": "call"})
    assert answer.headers["Location"].startswith("/staf/pengesahan/?next=")
    assert not AuditEvent.objects.exists()


def test_an_officer_is_not_revealed(client):
    freshly_seated(client)
    assert client.get(url(make_officer("Encik Selvam"))).status_code == 404
