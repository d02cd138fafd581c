"""The stored file: for its owner, and nothing in it may run; its pictures are the officers'."""

from uuid import uuid4

import pytest

from foundation.audit import AuditEvent
from registration.models import SupportingDocument
from registration.services import uploads
from tests.by_hand import by_hand
from tests.factories import THUMBNAIL, make_document, make_file, make_registration, make_user
from tests.staff.desk import seated

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper():
    """Aminah's licence."""
    registration = make_registration(make_user(), kinds=[])
    return make_document(registration, content=b"gambar")


def address(document):
    return f"/pendaftaran/dokumen/{document.public_id}/fail/"


def small(document):
    return f"/pendaftaran/dokumen/{document.public_id}/gambar/"


def picture(document, number=1):
    return f"/staf/registration/supportingdocument/{document.public_id}/{number}/"


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


def test_the_owner_sees_a_small_picture_of_it(client, paper):
    client.force_login(paper.registration.user)
    answer = client.get(small(paper))
    assert answer.getvalue() == THUMBNAIL
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_document_read_before_there_were_small_pictures_has_none(client, paper):
    SupportingDocument.objects.update(thumbnail="")
    client.force_login(paper.registration.user)
    assert client.get(small(paper)).status_code == 404


def test_a_pdf_is_only_a_download(client, paper):
    document = make_document(
        paper.registration, name="lesen.html", media_type="application/pdf", content=b"%PDF-"
    )
    client.force_login(paper.registration.user)
    answer = client.get(address(document))
    answer.getvalue()
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="lesen.pdf"'


@pytest.mark.parametrize(
    "status", [one for one in SupportingDocument.Status if one not in {"quarantined", "ready"}]
)
def test_what_was_sent_is_shown_to_nobody(client, paper, status):
    upload = uploads.keep_upload(
        registration=paper.registration, kind="psv", file=make_file(), at=paper.uploaded_at
    )
    refusal = "locked" if status == "refused" else ""
    with by_hand():
        SupportingDocument.objects.filter(pk=upload.pk).update(status=status, refusal=refusal)
    client.force_login(paper.registration.user)
    assert client.get(address(upload)).status_code == 404
    assert client.get(small(upload)).status_code == 404
    seated(client)
    assert client.get(picture(upload)).status_code == 404


def test_officers_look_at_pictures_at_their_desk_only(client, paper):
    seated(client)
    for page in (address(paper), small(paper)):
        assert client.get(page).headers["Location"] == "/staf/"


def test_chandran_sees_nothing_of_aminah(client, paper):
    client.force_login(make_user("Chandran"))
    assert client.get(address(paper)).status_code == 404
    assert client.get(small(paper)).status_code == 404


@pytest.mark.parametrize("path", ["", "diproses/"])
def test_no_page_of_chandrans_leads_to_aminahs_document(client, paper, path):
    client.force_login(make_user("Chandran"))
    for name in (paper.kind, paper.public_id.hex, str(paper.public_id)):
        answer = client.get(f"/pendaftaran/dokumen/{name}/{path}")
        assert answer.status_code in {302, 404}
        assert "D1234567" not in answer.text
    assert client.get(picture(paper)).headers["Location"].startswith("/staf/login/")


def test_an_unknown_id_is_not_told_from_anothers(client):
    client.force_login(make_user("Chandran"))
    assert client.get(f"/pendaftaran/dokumen/{uuid4()}/fail/").status_code == 404


def test_strangers_are_sent_to_the_log_in(client, paper):
    assert client.get(address(paper)).headers["Location"].startswith("/log-masuk/")


def test_it_is_only_read(client, paper):
    client.force_login(paper.registration.user)
    assert client.post(address(paper)).status_code == 405
