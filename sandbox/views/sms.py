"""The SMS gateway: its API, as Malaysian aggregators have one, and the inbox of every phone."""

import hmac
import json
import re
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from sandbox import courier, settings
from sandbox.models import CurrentScenario, Delivery, TextMessage
from sandbox.scenarios import SMS_DOWN, SMS_LATE

PHONE = re.compile(r"60\d{8,10}")
LONGEST_TEXT = 1000
SHOWN = 100


@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Takes one SMS: fields `key`, `to`, `text`, and where wanted `ref` and `dlr_url`.

    The phone has it at once, or as late as the scenario says.
    """
    fields = _fields(request)
    if not settings.SMS_KEY or not hmac.compare_digest(
        fields.get("key", "").encode(), settings.SMS_KEY.encode()
    ):
        return _error(401, "invalid key")
    if fault := _fault(fields):
        return _error(400, fault)
    scenario = CurrentScenario.now()
    if scenario.name == SMS_DOWN:
        return _error(503, "out of service")
    late = timedelta(seconds=scenario.seconds if scenario.name == SMS_LATE else 0)
    at = timezone.now() + late
    message, is_new = _keep(fields, at)
    if (message.to, message.text) != (fields["to"], fields["text"]):
        return _error(409, "ref was used for another message")
    if is_new and fields.get("dlr_url"):
        _send_receipt(message, fields["dlr_url"], at)
    return JsonResponse({"status": "accepted", "id": str(message.public_id)})


def inbox(request: HttpRequest) -> HttpResponse:
    """What came to the phones, newest first; `?to=` shows one phone's."""
    to = _digits(request.GET.get("to", ""))
    return render(request, "sms.html", {"messages": _newest(to), "to": to})


def inbox_json(request: HttpRequest) -> HttpResponse:
    """The same for programs."""
    messages = _newest(_digits(request.GET.get("to", "")))
    rows = [
        {
            "id": str(message.public_id),
            "to": message.to,
            "text": message.text,
            "ref": message.reference,
            "sent_at": message.sent_at.isoformat(),
        }
        for message in messages
    ]
    return JsonResponse({"messages": rows})


def _newest(to: str) -> list[TextMessage]:
    """What has come to one phone, or to all."""
    messages = TextMessage.objects.filter(sent_at__lte=timezone.now()).order_by("-pk")
    return list((messages.filter(to=to) if to else messages)[:SHOWN])


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)


def _fields(request: HttpRequest) -> dict[str, str]:
    """The fields of a form or of a JSON object; none when it is neither."""
    if request.content_type != "application/json":
        return {name: str(value) for name, value in request.POST.items()}
    try:
        content = json.loads(request.body)
    except ValueError:
        return {}
    if not isinstance(content, dict):
        return {}
    return {str(name): str(value) for name, value in content.items() if value is not None}


def _fault(fields: dict[str, str]) -> str:
    """What is wrong with a message, if anything."""
    if not PHONE.fullmatch(fields.get("to", "")):
        return "to must be a Malaysian number such as 60123456789"
    if not 0 < len(fields.get("text", "")) <= LONGEST_TEXT:
        return f"text must have 1 to {LONGEST_TEXT} characters"
    if urlsplit(fields.get("dlr_url", "")).scheme not in {"", "http", "https"}:
        return "dlr_url must begin with http"
    return ""


def _keep(fields: dict[str, str], at: datetime) -> tuple[TextMessage, bool]:
    """Stores the message, or finds the one that came with the same `ref`."""
    reference = fields.get("ref") or None
    try:
        with transaction.atomic():
            values = {"to": fields["to"], "text": fields["text"], "reference": reference}
            return TextMessage.objects.create(**values, sent_at=at), True
    except IntegrityError:
        return TextMessage.objects.get(reference=reference), False


def _send_receipt(message: TextMessage, url: str, at: datetime) -> None:
    """Tells the sender that the phone has it."""
    fields = {
        "id": str(message.public_id),
        "ref": message.reference or "",
        "to": message.to,
        "status": "DELIVRD",
    }
    Delivery.objects.create(
        kind=Delivery.Kind.SMS_RECEIPT, url=url, body=urlencode(fields), due_at=at
    )
    courier.notify()


def _error(status: int, text: str) -> HttpResponse:
    return JsonResponse({"status": "error", "error": text}, status=status)
