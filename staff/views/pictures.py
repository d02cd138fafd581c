"""The pictures of documents: the photo, or the drawn pages of a PDF. Officers get nothing else."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from accounts.http import UserRequest
from registration.http import private_file
from registration.media import JPEG
from registration.models import SupportingDocument
from registration.services import pictures
from staff.pages import READ, desk_page


@desk_page(
    "registration/supportingdocument/<uuid:public_id>/<int:number>/",
    name="registration_supportingdocument_picture",
    permission="registration.view_supportingdocument",
    methods=READ,
)
def picture(request: UserRequest, public_id: UUID, number: int) -> HttpResponseBase:
    """A picture by its number, from 1; none before the scanner has spoken. Each look is audited."""
    documents = SupportingDocument.objects.filter(status=SupportingDocument.Status.READY)
    document = get_object_or_404(documents, public_id=public_id)
    if not 1 <= number <= len(document.pictures):
        raise Http404
    which: dict[str, Any] = {"document": document, "number": number}
    act: dict[str, Any] = {"by": request.user, "at": timezone.now()}
    if link := pictures.link_to_picture(**which, **act):
        return redirect(link)
    content = pictures.open_picture(**which, **act)
    return private_file(content, media_type=JPEG, name=f"{document.kind}-{number}.jpg")
