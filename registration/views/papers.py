"""One document a page, the choice between alternatives, and the stored file itself."""

from datetime import date, datetime
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import UserRequest, posted
from perkeso.wording import local
from registration.forms import ChooseDocumentForm, DocumentForm
from registration.media import EXTENSIONS, SHOWN_INLINE
from registration.models import Registration, SupportingDocument
from registration.models.documents import StoredFile
from registration.services import NotStored, attach_document, keep_upload, open_document
from registration.views.turns import after, for_editing


@for_editing
@require_http_methods(["GET", "HEAD", "POST"])
def choose_document(request: UserRequest, registration: Registration) -> HttpResponse:
    """Which of the alternatives to the second document he has."""
    _licence, second = registration.standing(timezone.now()).needs
    if len(second.kinds) < 2:
        return redirect("registration:overview")
    form = ChooseDocumentForm(
        posted(request),
        alternatives=second.alternatives,
        initial={"kind": second.sent[0].kind if second.sent else None},
    )
    if not form.is_valid():
        return render(request, "registration/choose_document.html", {"form": form})
    page = resolve_url("registration:document", form.cleaned_data["kind"])
    return redirect(f"{page}?{request.GET.urlencode()}" if request.GET else page)


@for_editing
@require_http_methods(["GET", "HEAD", "POST"])
def document(request: UserRequest, registration: Registration, kind: str) -> HttpResponse:
    """The file, number and expiry of one document; an accepted file is never asked for twice."""
    at = timezone.now()
    if not any(kind in need.kinds for need in registration.standing(at).needs):
        raise Http404
    form = _document_form(request, registration, kind, local(at).date())
    if form.is_valid():
        try:
            attached = attach_document(
                registration=registration, kind=kind, at=at, **form.cleaned_data
            )
            return after(request, attached.registration, at)
        except NotStored as failure:
            form.add_error("file", str(failure))
    elif form.is_bound and form.accepted_file is not None:
        _keep(registration, form, at)
    context = {"form": form, "registration": registration}
    return render(request, "registration/document.html", context)


def _keep(registration: Registration, form: DocumentForm, at: datetime) -> None:
    """Keeps a good file although another field is wrong."""
    file = form.accepted_file
    assert file is not None
    try:
        form.kept = keep_upload(registration=registration, kind=form.kind, file=file, at=at)
    except NotStored as failure:
        form.add_error("file", str(failure))


def _document_form(
    request: UserRequest, registration: Registration, kind: str, on: date
) -> DocumentForm:
    """Filled in with what is known of the document, unless it has expired."""
    live = next((one for one in registration.live_documents if one.kind == kind), None)
    current = live if live and live.is_valid_on(on) else None
    kept: StoredFile | None = registration.uploads.filter(kind=kind).first() or current
    known = {"number": current.number, "expiry_date": current.expiry_date} if current else {}
    files = request.FILES if request.method == "POST" else None
    return DocumentForm(posted(request), files, kind=kind, on=on, kept=kept, initial=known)


@require_safe
def document_file(request: UserRequest, public_id: UUID) -> HttpResponseBase:
    """The stored file, for its owner and for officers; nothing in it may run or be framed."""
    documents = SupportingDocument.objects.select_related("registration")
    if not _is_reviewer(request):
        documents = documents.for_user(request.user)
    shown = get_object_or_404(documents, public_id=public_id)
    response = FileResponse(
        open_document(document=shown, by=request.user, at=timezone.now()),
        content_type=shown.media_type,
        as_attachment=shown.media_type not in SHOWN_INLINE,
        # The uploader's own name could end in .html.
        filename=f"{shown.kind}.{EXTENSIONS[shown.media_type]}",
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _is_reviewer(request: UserRequest) -> bool:
    """True for an officer at the staff desk, behind his authenticator, who may see documents."""
    user = request.user
    is_officer = user.is_staff and user.is_verified()  # type: ignore[attr-defined]
    return is_officer and user.has_perm("registration.view_supportingdocument")
