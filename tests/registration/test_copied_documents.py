"""What the factory copies is what the services make."""

from datetime import timedelta

from django.core.files.storage import default_storage

from foundation.models import OutboxRow
from tests import factories
from tests.factories import AT, make_registration, make_user

OWN = {"id", "public_id", "registration", "document", "user"}
FILES = {"file", "thumbnail"}


def content(name):
    with default_storage.open(name) as file:
        return file.read()


def facts(row):
    """A row's columns; of a file what it holds, of what is each row's own nothing."""
    values = {field.name: field.value_from_object(row) for field in row._meta.concrete_fields}
    return {
        name: content(value.name) if name in FILES else value
        for name, value in values.items()
        if name not in OWN
    }


def written(registration):
    """All that stands of a registration and its documents."""
    documents = list(registration.documents.order_by("kind"))
    changes = [change for one in documents for change in one.status_changes.all()]
    return [facts(row) for row in (registration, *documents, *changes)]


def test_a_copied_document_is_what_the_services_make(db, monkeypatch):
    later = AT + timedelta(days=3)
    monkeypatch.setattr(factories, "_sent", {})
    make_registration(make_user())
    copied = make_registration(make_user(), at=later)
    monkeypatch.setattr(factories, "_sent", {})
    assert written(copied) == written(make_registration(make_user(), at=later))
    assert not OutboxRow.objects.filter(kind__contains="read_document").exists()
