"""What was typed and not taken: shown once more on the page where it was typed.

A page that answers a mistake keeps what was typed, sealed, in the session, and leads the browser
back to itself, where it stands for one GET: pressing Back later never asks to send a form again.
The same carries a half-filled form into the other language. Passwords and files are not kept.
"""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language_from_path

from accounts.http.cookies import owner_of
from accounts.http.session import facts
from foundation.forms import ShownAgain

# What no page shows again; the token goes with each form.
PASSWORDS = frozenset({"csrfmiddlewaretoken", "password", "password_confirmation", "old_password"})
MOST = 20_000  # characters of it all; more than any form of ours
_MOST_OF_STRANGERS = 3_000  # theirs are short, and nobody need fill our sessions
# Script sends a form by itself and puts the answer into the page: no history, nothing to keep.
STAYS = "X-Stays"


def typed_fields(typed: MultiValueDict[str, str], *, but: frozenset[str]) -> list[tuple[str, str]]:
    """What a form brought, without some of its fields."""
    found = typed.lists()
    return [(name, one) for name, values in found if name not in but for one in values]


def form_page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page of `context["form"]`; after a mistake, by way of a GET."""
    if request.method != "POST" or STAYS in request.headers:
        return render(request, template, context)
    form = context["form"]  # which may add to what was sent, such as what it asked about
    errors = form.errors.get_json_data()
    return show_again(request, request.get_full_path(), form.data, errors)


def show_again(
    request: HttpRequest, page: str, typed: MultiValueDict[str, str], errors: dict[str, Any]
) -> HttpResponse:
    """Leads to a page, on which what was typed, and what is wrong with it, stands once."""
    kept = {
        "path": _in_malay(page.partition("?")[0]),
        "owner": _owner(request),
        "fields": typed_fields(typed, but=PASSWORDS),
        "errors": errors,
    }
    if len(json.dumps(kept)) > (MOST if kept["owner"] else _MOST_OF_STRANGERS):
        kept["fields"] = []
    facts(request).again = json.dumps(kept)
    return see_other(page)


def see_other(page: str, *args: object) -> HttpResponse:
    """After a POST that did nothing: a page that says so, by a GET."""
    response = redirect(page, *args)
    response.status_code = 303
    return response


def take_again(request: HttpRequest) -> ShownAgain | None:
    """What is to be shown once more on this page, once and to whoever typed it."""
    text = facts(request).again if settings.SESSION_COOKIE_NAME in request.COOKIES else None
    kept = json.loads(text) if text else None
    if kept is None or kept["path"] != _in_malay(request.path):
        return None
    facts(request).again = None
    is_own = constant_time_compare(kept["owner"], _owner(request))
    return ShownAgain(kept["fields"], kept["errors"]) if is_own else None


def _in_malay(path: str) -> str:
    """What a page is called in either language: Malay addresses have no mark."""
    return path.removeprefix(f"/{get_language_from_path(path)}")


def _owner(request: HttpRequest) -> str:
    return owner_of(request.user) if request.user.is_authenticated else ""
