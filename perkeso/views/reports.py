"""Where carriers report what became of a message."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from foundation import messages


@csrf_exempt
@login_not_required
@require_POST
def sms_report(request: HttpRequest, token: str) -> HttpResponse:
    """The SMS gateway's word on one text, by the address that went with it; no cookie is read."""
    status = request.POST.get("status", "")
    try:
        messages.note_report(token=token, status=status, at=timezone.now())
    except messages.NotOurs:
        raise Http404 from None
    return HttpResponse("OK", content_type="text/plain")
