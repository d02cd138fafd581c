"""Pictures of documents as officers look at them: our own drawings only, each look with a trace."""

from datetime import datetime
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.storage import default_storage, storages

from foundation import audit
from registration.media import JPEG
from registration.models import SupportingDocument

if TYPE_CHECKING:
    from accounts.models import User

LINK_SECONDS = 60


def open_picture(
    *, document: SupportingDocument, number: int, by: "User", at: datetime
) -> IO[bytes]:
    """The bytes of the photo, or of a page of a PDF, counted from 1; raises IndexError."""
    name = document.pictures[number - 1]
    _note(document, number, by, at)
    return default_storage.open(name, "rb")


def link_to_picture(*, document: SupportingDocument, number: int, by: "User", at: datetime) -> str:
    """A link to the same in S3 that lives for a minute; raises IndexError.

    Empty where browsers do not reach the storage: then the portal passes the picture on itself.
    """
    name = document.pictures[number - 1]
    if "links" not in settings.STORAGES:
        return ""
    _note(document, number, by, at)
    answer = {"ResponseContentType": JPEG, "ResponseContentDisposition": "inline"}
    links: Any = storages["links"]
    return str(links.url(name, parameters=answer, expire=LINK_SECONDS))


def _note(document: SupportingDocument, number: int, by: "User", at: datetime) -> None:
    audit.record("open_document", subject=document, by=by, at=at, page=number)
