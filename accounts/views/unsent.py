"""What somebody typed into a page whose session had ended: kept, and sent once more by its author.

It comes with a button pressed too late, or from the open page when the session ends. It is kept
encrypted in the session of whoever logs in next in that browser, and shown only to the person who
typed it. Secrets and files are not kept.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from accounts.http import UserRequest
from accounts.http.again import MOST, PASSWORDS, typed_fields
from accounts.http.cookies import owner_of, remembered_owner
from accounts.http.session import facts
from accounts.services import limits

# For so long what was typed into a page whose session had ended waits for its owner to log in.
UNSENT_LIFE = timedelta(minutes=30)
_SECRETS = PASSWORDS | {
    "secret_phrase",
    # Of Django's own forms.
    "password1",
    "password2",
    "new_password1",
    "new_password2",
    "code",
    "token",
    "otp_token",
}


def keep_unsent(request: HttpRequest, path: str) -> None:
    """Keeps the fields of a POST that came after the end of the session, meant for `path`.

    Only in a browser that remembers a log-in, and so often an hour: nobody need be signed in.
    """
    fields = typed_fields(request.POST, but=_SECRETS)
    owner, at = remembered_owner(request), timezone.now()
    kept = {
        "owner": owner,
        "path": path,
        "fields": fields,
        "until": (at + UNSENT_LIFE).timestamp(),
    }
    text = json.dumps(kept)
    is_kept = owner and fields and len(text) <= MOST
    if is_kept and limits.is_free("unsent_kept", owner, at=at):
        facts(request).unsent = text


def unsent_input(request: UserRequest, at: datetime) -> dict[str, Any] | None:
    """What this person typed, with the path it was meant for; nothing that is old or another's."""
    text = facts(request).unsent
    if text is None:
        return None
    kept: dict[str, Any] = json.loads(text)
    is_own = constant_time_compare(kept["owner"], owner_of(request.user))
    return kept if is_own and at.timestamp() < kept["until"] else None


@require_safe
def send_unsent(request: UserRequest) -> HttpResponse:
    """A button that sends it where it was meant for; its page checks it as ever."""
    kept = unsent_input(request, timezone.now())
    if kept is None:
        return redirect(facts(request).take_next())
    return render(request, "accounts/send_unsent.html", {"kept": kept})
