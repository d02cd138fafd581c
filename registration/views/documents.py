"""One document a page, the choice between alternatives, and the stored file itself."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import UserRequest, form_page, posted
from foundation.wording import local
from registration.forms import ChooseDocumentForm, DocumentForm
from registration.http import private_file
from registration.media import HINTS, JPEG, MESSAGES, OF_A_PHOTO
from registration.models import Registration, SupportingDocument
from registration.services import uploads
from registration.views.next_action import after, for_editing

RETAKE = "ambil"  # ?ambil=semula: the file that was sent is not kept


@for_editing
@require_http_methods(["GET", "HEAD", "POST"])
def choose_document(request: UserRequest, registration: Registration) -> HttpResponse:
    """Which of the alternatives to the second document they have."""
    _licence, second = registration.assessment(timezone.now()).needs
    if len(second.kinds) < 2:
        return redirect("registration:overview")
    form = ChooseDocumentForm(
        posted(request),
        alternatives=second.alternatives,
        initial={"kind": second.sent[0].kind if second.sent else None},
    )
    if not form.is_valid():
        context = {"form": form, "registration": registration}
        return form_page(request, "registration/choose_document.html", context)
    return _go(request, "registration:document", form.cleaned_data["kind"])


@for_editing
@require_http_methods(["GET", "HEAD", "POST"])
def document(request: UserRequest, registration: Registration, kind: str) -> HttpResponse:
    """The file, number and expiry of one document; a file that is kept is not asked for twice."""
    at = timezone.now()
    if kind not in registration.assessment(at).kinds:
        return _instead(registration, kind)
    known = _Known.of(registration, kind, local(at).date(), is_retake=RETAKE in request.GET)
    form = known.form(request)
    if form.is_valid():
        try:
            uploads.attach_document(
                registration=registration,
                kind=kind,
                number=form.cleaned_data["number"],
                expiry_date=form.cleaned_data["expiry_date"],
                file=form.accepted_file,
                at=at,
            )
            return _go(request, "registration:reading", kind)
        except uploads.NotStored as failure:
            form.add_error("file", str(failure))
    elif form.is_bound and form.accepted_file is not None:
        _keep(registration, form, at)
    context = {"form": form, "registration": registration, "refusal": known.refusal(form)}
    more = {"returned": known.returned, "is_retake": known.is_retake}
    return form_page(request, "registration/document.html", context | more)


def _instead(registration: Registration, kind: str) -> HttpResponse:
    """Of a returned document that no longer counts, such as in another region, another is sent."""
    if any(one.kind == kind for one in registration.to_retake):
        return redirect("registration:choose_document")
    raise Http404


def _keep(registration: Registration, form: DocumentForm, at: datetime) -> None:
    """Keeps a good file although another field is wrong."""
    file = form.accepted_file
    assert file is not None
    try:
        form.kept = uploads.keep_upload(registration=registration, kind=form.kind, file=file, at=at)
    except uploads.NotStored as failure:
        form.add_error("file", str(failure))


def _go(request: UserRequest, name: str, kind: str) -> HttpResponse:
    """To another page about documents; the driver may still have come from checking the answers."""
    page = resolve_url(name, kind)
    return redirect(f"{page}?{request.GET.urlencode()}" if request.GET else page)


@dataclass(frozen=True)
class _Known:
    """What is known of a document: the file that waits, and the live one unless it has expired."""

    kind: str
    on: date
    unattached: SupportingDocument | None
    live: SupportingDocument | None
    returned: SupportingDocument | None
    is_retake: bool

    @classmethod
    def of(
        cls, registration: Registration, kind: str, on: date, *, is_retake: bool = False
    ) -> "_Known":
        """What the registration has of the kind."""
        present = [one for one in registration.present_documents if one.kind == kind]
        unattached = next((one for one in present if not one.attached_at), None)
        live = next((one for one in present if one.attached_at and one.is_valid_on(on)), None)
        asked = [one for one in registration.to_retake if one.kind == kind]
        return cls(kind, on, unattached, live, asked[0] if asked else None, is_retake)

    @property
    def last(self) -> SupportingDocument | None:
        """The one sent last."""
        return self.unattached or self.live

    @property
    def kept(self) -> SupportingDocument | None:
        """The one whose file need not be sent again."""
        is_bad = self.is_retake or (self.returned is not None and self.returned.needs_picture)
        live = None if is_bad else self.live
        found = [one for one in (self.unattached, live) if one and one.is_good]
        return found[0] if found else None

    def form(self, request: UserRequest) -> DocumentForm:
        """Filled in with what was typed before."""
        typed = next((one for one in (self.unattached, self.live) if one and one.is_complete), None)
        known = {"number": typed.number, "expiry_date": typed.expiry_date} if typed else {}
        files = request.FILES if request.method == "POST" else None
        return DocumentForm(
            posted(request), files, kind=self.kind, on=self.on, kept=self.kept, initial=known
        )

    def refusal(self, form: DocumentForm) -> str:
        """Why the file sent last is not good, until another is sent."""
        if form.is_bound or self.last is None or self.last.is_good:
            return ""
        return str(MESSAGES[self.last.refusal or self.last.status])


@for_editing
@require_safe
def reading(request: UserRequest, registration: Registration, kind: str) -> HttpResponse:
    """The file is being read; leads on once it has been, or back to the form with a refusal."""
    at = timezone.now()
    last = _Known.of(registration, kind, local(at).date()).last
    if last is None or not last.is_good:
        return _go(request, "registration:document", kind)
    if last.is_awaited:
        context = {"document": last, "registration": registration}
        return render(request, "registration/reading.html", context)
    if _doubts(last):
        return _go(request, "registration:use_photo", kind)
    if request.method != "HEAD":  # the script asks by HEAD whether it may go on
        _advise(request, last)
    return after(request, registration, at)


@for_editing
@require_safe
def use_photo(request: UserRequest, registration: Registration, kind: str) -> HttpResponse:
    """Shows a photo that may be hard to read, and asks; whichever the answer, it was taken."""
    at = timezone.now()
    last = _Known.of(registration, kind, local(at).date()).last
    onward = after(request, registration, at)
    if last is None or not last.is_readable or not _doubts(last):
        return onward
    picture = "document_file" if last.media_type == JPEG else "thumbnail"
    context = {
        "document": last,
        "registration": registration,
        "doubts": _doubts(last),
        "picture_url": resolve_url(f"registration:{picture}", last.public_id),
        "retake_url": _retake_url(request, kind),
        "onward_url": onward.headers["Location"],
    }
    return render(request, "registration/use_photo.html", context)


def _doubts(document: SupportingDocument) -> list[str]:
    return [str(HINTS[hint]) for hint in document.hints if hint in OF_A_PHOTO]


def _retake_url(request: UserRequest, kind: str) -> str:
    asked = request.GET.copy()
    asked[RETAKE] = "semula"
    return f"{resolve_url('registration:document', kind)}?{asked.urlencode()}"


def _advise(request: UserRequest, document: SupportingDocument) -> None:
    """Says on the next page what an officer will not see; it holds nobody up."""
    for hint in document.hints:
        words = gettext("%(document)s diterima. %(hint)s Anda boleh menukarnya sebelum membayar.")
        label = document.get_kind_display()
        messages.warning(request, words % {"document": label, "hint": HINTS[hint]})


@require_safe
def document_file(request: UserRequest, public_id: UUID) -> HttpResponseBase:
    """Our own version, for its owner: a photo is shown, a PDF is kept; officers have pictures."""
    documents = SupportingDocument.objects.for_user(request.user).shown()
    shown = get_object_or_404(documents, public_id=public_id)
    return private_file(
        shown.file.open("rb"),
        media_type=shown.media_type,
        name=shown.file_name,
        is_kept=shown.media_type != JPEG,
    )


@require_safe
def thumbnail(request: UserRequest, public_id: UUID) -> HttpResponseBase:
    """A small picture of the same, for its owner."""
    documents = SupportingDocument.objects.for_user(request.user).shown().exclude(thumbnail="")
    small = get_object_or_404(documents, public_id=public_id).thumbnail
    return private_file(small.open("rb"), media_type=JPEG, name="gambar.jpg")
