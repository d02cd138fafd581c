"""The inbox of every mail address."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render

from sandbox.letters import open_letter
from sandbox.models import Letter

SHOWN = 100


def inbox(request: HttpRequest) -> HttpResponse:
    """What came, newest first; `?to=` shows one address's."""
    to = request.GET.get("to", "").strip()
    return render(request, "mail.html", {"letters": _newest(to), "to": to})


def inbox_json(request: HttpRequest) -> HttpResponse:
    """The same for programs."""
    letters = _newest(request.GET.get("to", "").strip())
    rows = [
        {
            "id": letter.pk,
            "to": letter.to,
            "subject": letter.subject,
            "received_at": letter.received_at.isoformat(),
        }
        for letter in letters
    ]
    return JsonResponse({"letters": rows})


def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail with working links."""
    kept = get_object_or_404(Letter, pk=pk)
    content = open_letter(bytes(kept.content))
    return render(request, "letter.html", {"letter": kept, "content": content})


def attachment(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One file of a mail, to keep; they are counted from 1."""
    kept = get_object_or_404(Letter, pk=pk)
    attachments = open_letter(bytes(kept.content)).attachments
    if not 1 <= number <= len(attachments):
        raise Http404
    file = attachments[number - 1]
    response = HttpResponse(file.content, content_type=file.media_type)
    response.headers["Content-Disposition"] = _disposition(file.name)
    return response


def _disposition(name: str) -> str:
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "_" for c in name)
    return f'attachment; filename="{safe}"'


def _newest(to: str) -> list[Letter]:
    letters = Letter.objects.order_by("-pk")
    return list((letters.filter(to__icontains=to) if to else letters)[:SHOWN])
