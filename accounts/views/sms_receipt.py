"""What the SMS gateway tells: a phone has its code."""

from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.services.watch import record_delivery
from accounts.tasks import SMS_RECEIPT

_DELIVERED = "DELIVRD"


@csrf_exempt
@login_not_required
@require_POST
def sms_receipt(request: HttpRequest, token: str) -> HttpResponse:
    """Takes a delivery receipt at the address that went with the text; another one is not found."""
    try:
        code_id = int(Signer(salt=SMS_RECEIPT).unsign(token))
    except BadSignature:
        raise Http404 from None
    if request.POST.get("status") == _DELIVERED:
        record_delivery(code_id=code_id, at=timezone.now())
    return HttpResponse("OK", content_type="text/plain")
