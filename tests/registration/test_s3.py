"""Documents in S3-compatible storage, over the real protocol against moto's server."""

from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
import requests
from django.core.files.storage import default_storage
from moto.server import ThreadedMotoServer
from storages.backends.s3 import S3Storage

from foundation.audit import AuditEvent
from tests.factories import make_document, make_officer, make_registration, make_user
from tests.staff.desk import seated

pytestmark = pytest.mark.django_db


@pytest.fixture
def bucket(settings, socket_enabled):
    """A bucket of a server of this test's own, in the place of the file system."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    name = f"dokumen-{uuid4()}"  # moto's servers of one process share what they hold
    host, port = server.get_host_and_port()
    options = {
        "region_name": "us-east-1",
        "default_acl": "private",
        "querystring_auth": True,
        "signature_version": "s3v4",
        "file_overwrite": False,
        "bucket_name": name,
        "endpoint_url": f"http://{host}:{port}",
        "access_key": "kunci",
        "secret_key": "rahsia",
    }
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    }
    default_storage.connection.create_bucket(Bucket=name)
    yield default_storage.bucket
    server.stop()


def test_a_document_is_stored_and_served_from_s3(client, bucket):
    aminah = make_user()
    registration = make_registration(aminah, kinds=[])
    document = make_document(registration, content=b"gambar")
    assert isinstance(default_storage._wrapped, S3Storage)
    assert document.file.name in {stored.key for stored in bucket.objects.all()}
    client.force_login(aminah)
    answer = client.get(f"/pendaftaran/dokumen/{document.public_id}/fail/")
    assert answer.getvalue() == b"gambar"
    assert answer.headers["Content-Type"] == "image/jpeg"


def test_a_stored_document_is_nobodys_to_read_without_the_portal(bucket):
    document = make_document(make_registration(make_user(), kinds=[]))
    grants = bucket.Object(document.file.name).Acl().grants
    assert not [grant for grant in grants if "AllUsers" in str(grant)]


def test_an_officer_is_led_to_a_link_that_lives_a_minute(client, bucket, settings):
    document = make_document(make_registration(make_user(), kinds=[]), content=b"gambar")
    settings.STORAGES = settings.STORAGES | {"links": settings.STORAGES["default"]}
    page = f"/staf/registration/supportingdocument/{document.public_id}/1/"
    seated(client, make_officer())
    link = client.get(page).headers["Location"]
    told = parse_qs(urlsplit(link).query)
    assert told["X-Amz-Expires"] == ["60"]
    answer = requests.get(link, timeout=5)
    assert answer.content == b"gambar"
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"] == "inline"
    assert AuditEvent.objects.get(action="open_document").subject_id == str(document.pk)


def test_drivers_get_no_link(client, bucket, settings):
    aminah = make_user()
    document = make_document(make_registration(aminah, kinds=[]), content=b"gambar")
    settings.STORAGES = settings.STORAGES | {"links": settings.STORAGES["default"]}
    client.force_login(aminah)
    answer = client.get(f"/pendaftaran/dokumen/{document.public_id}/fail/")
    assert answer.getvalue() == b"gambar"


def test_another_drivers_document_is_not_there_by_any_address(client, bucket, settings):
    document = make_document(make_registration(make_user(), kinds=[]), content=b"gambar")
    settings.STORAGES = settings.STORAGES | {"links": settings.STORAGES["default"]}
    client.force_login(make_user("Chandran"))
    assert client.get(f"/pendaftaran/dokumen/{document.public_id}/fail/").status_code == 404
    desk = client.get(f"/staf/registration/supportingdocument/{document.public_id}/1/")
    assert desk.headers["Location"].startswith("/staf/login/")
    bare = f"{settings.STORAGES['default']['OPTIONS']['endpoint_url']}/{bucket.name}"
    assert requests.get(f"{bare}/{document.file.name}", timeout=5).status_code == 403
