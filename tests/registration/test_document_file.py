"""The stored file: for its owner and for officers, and nothing in it may run."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django_otp import DEVICE_ID_SESSION_KEY

from perkeso.audit import AuditEvent
from tests.factories import make_document, make_officer, make_registration, make_user
from tests.staff.desk import seated

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper():
    """Aminah's licence."""
    registration = make_registration(make_user(), kinds=[])
    return make_document(registration, content=b"gambar")


def address(document):
    return f"/pendaftaran/dokumen/{document.public_id}/fail/"


def test_the_owner_sees_his_document(client, paper):
    client.force_login(paper.registration.user)
    answer = client.get(address(paper))
    assert answer.status_code == 200
    assert answer.getvalue() == b"gambar"
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert not AuditEvent.objects.exists()


def test_nothing_in_it_may_run_be_framed_or_be_kept(client, paper):
    client.force_login(paper.registration.user)
    answer = client.get(address(paper))
    answer.getvalue()
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == 'inline; filename="lesen.jpg"'


@pytest.mark.parametrize(
    ("media_type", "disposition"),
    [
        ("application/pdf", 'attachment; filename="lesen.pdf"'),
        ("image/heic", 'attachment; filename="lesen.heic"'),
        ("image/png", 'inline; filename="lesen.png"'),
        ("image/webp", 'inline; filename="lesen.webp"'),
    ],
)
def test_only_verified_pictures_are_shown_in_place(client, paper, media_type, disposition):
    document = make_document(paper.registration, name="lesen.html", media_type=media_type)
    client.force_login(paper.registration.user)
    answer = client.get(address(document))
    answer.getvalue()
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["Content-Disposition"] == disposition


def test_an_officer_at_the_desk_sees_it_and_leaves_a_trace(client, paper):
    officer = seated(client)
    answer = client.get(address(paper))
    assert answer.getvalue() == b"gambar"
    event = AuditEvent.objects.get()
    assert (event.action, event.by, event.subject_id) == (
        "open_document",
        officer,
        str(paper.pk),
    )


def test_an_officer_with_the_permission_needs_no_more(client, paper):
    officer = make_officer(is_superuser=False)
    officer.user_permissions.add(Permission.objects.get(codename="view_supportingdocument"))
    seated(client, officer)
    answer = client.get(address(paper))
    assert answer.getvalue() == b"gambar"


def test_an_officer_without_the_permission_sees_nothing(client, paper):
    seated(client, make_officer(is_superuser=False))
    assert client.get(address(paper)).status_code == 404


def test_an_officer_without_his_authenticator_sees_nothing(client, paper):
    seated(client)
    session = client.session
    del session[DEVICE_ID_SESSION_KEY]
    session.save()
    assert client.get(address(paper)).status_code == 404


def test_chandran_sees_nothing_of_aminah(client, paper):
    client.force_login(make_user("Chandran"))
    assert client.get(address(paper)).status_code == 404


def test_an_unknown_id_is_not_told_from_anothers(client):
    client.force_login(make_user("Chandran"))
    assert client.get(f"/pendaftaran/dokumen/{uuid4()}/fail/").status_code == 404


def test_strangers_are_sent_to_the_log_in(client, paper):
    assert client.get(address(paper)).headers["Location"].startswith("/log-masuk/")


def test_it_is_only_read(client, paper):
    client.force_login(paper.registration.user)
    assert client.post(address(paper)).status_code == 405
