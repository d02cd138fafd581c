"""What officers look at: pictures of our own drawing, one at a time, each look with a trace."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django_otp import DEVICE_ID_SESSION_KEY

from foundation.audit import AuditEvent
from registration.models import SupportingDocument
from tests.by_hand import by_hand
from tests.factories import make_document, make_officer, make_registration, make_user
from tests.staff.desk import seated

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo():
    """Aminah's licence."""
    return make_document(make_registration(make_user(), kinds=[]), content=b"gambar")


@pytest.fixture
def letter(photo):
    """Her letter, a PDF of two pages."""
    pdf = {"media_type": "application/pdf", "content": b"%PDF-", "pages": [b"satu", b"dua"]}
    return make_document(photo.registration, "surat-kebenaran", **pdf)


def address(document, number=1):
    return f"/staf/registration/supportingdocument/{document.public_id}/{number}/"


def seen(client, document, number=1):
    """What the address answers with: the picture, or the status of a refusal."""
    answer = client.get(address(document, number))
    return answer.getvalue() if answer.status_code == 200 else answer.status_code


def test_a_photo_is_seen_and_leaves_a_trace(client, photo):
    officer = seated(client)
    assert seen(client, photo) == b"gambar"
    event = AuditEvent.objects.get()
    assert (event.action, event.by, event.subject_id, event.detail) == (
        "open_document",
        officer,
        str(photo.pk),
        {"page": 1},
    )


def test_a_pdf_is_seen_page_by_page_and_never_itself(client, letter):
    seated(client)
    assert [seen(client, letter, number) for number in range(4)] == [404, b"satu", b"dua", 404]
    assert AuditEvent.objects.count() == 2


def test_nothing_in_it_may_run_be_framed_or_be_kept(client, letter):
    seated(client)
    answer = client.get(address(letter, 2))
    answer.getvalue()
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Disposition"] == 'inline; filename="surat-kebenaran-2.jpg"'


def test_before_the_scan_nobody_but_its_owner_sees_it(client, photo):
    with by_hand():
        SupportingDocument.objects.update(status="quarantined")
    seated(client)
    assert seen(client, photo) == 404
    client.force_login(photo.registration.user)
    assert client.get(f"/pendaftaran/dokumen/{photo.public_id}/fail/").getvalue() == b"gambar"


def test_an_officer_with_the_permission_needs_no_more(client, photo):
    officer = make_officer(is_superuser=False)
    seated(client, officer)
    assert seen(client, photo) == 403
    officer.user_permissions.add(Permission.objects.get(codename="view_supportingdocument"))
    assert seen(client, photo) == b"gambar"


def test_an_officer_without_his_authenticator_sees_nothing(client, photo):
    seated(client)
    session = client.session
    del session[DEVICE_ID_SESSION_KEY]
    session.save()
    assert seen(client, photo) == 302


def test_an_unknown_document_is_not_there(client, photo):
    seated(client)
    photo.public_id = uuid4()
    assert seen(client, photo) == 404


def test_it_is_only_read(client, photo):
    seated(client)
    assert client.post(address(photo)).status_code == 405
