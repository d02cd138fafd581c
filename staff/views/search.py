"""Finding somebody at the desk by what they can tell; it is posted, so that no url holds it."""

import re
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.http import UserRequest
from accounts.models import User
from accounts.phone import InvalidPhone, read_phone
from foundation import audit
from foundation.encryption import blind_index
from foundation.typed import plain
from registration.models import Registration
from staff.pages import desk_page

MOST = 50
_IC_NUMBER = re.compile(r"[0-9]{12}")
_PLATE = re.compile(r"[A-Z0-9]{3,}")  # a trigram index needs three letters
_RECEIPT = re.compile(r"SPS-[0-9]{4}-[0-9]{8}")


@dataclass(frozen=True)
class Search:
    """What was typed, as what it was understood, and who was found by it."""

    kind: str
    people: QuerySet[User]


@desk_page(
    "carian/",
    name="search",
    permission="accounts.view_user",
)
def search(request: UserRequest) -> HttpResponse:
    """One box; each search is an event, which says by what was sought but not whom."""
    words = request.POST.get("q", "").strip()
    context: dict[str, Any] = {"words": words}
    if request.method == "POST":
        context |= _found(request, words)
    shared = {**admin.site.each_context(request), "title": _("Cari orang")}
    return render(request, "admin/search.html", shared | context)


def _found(request: UserRequest, words: str) -> dict[str, Any]:
    sought = understood(words)
    if sought is None:
        return {"error": _("Taip nombor penuh, atau sekurang-kurangnya 3 aksara nombor kenderaan")}
    audit.record(
        "searched", subject=request.user, by=request.user, at=timezone.now(), kind=sought.kind
    )
    people = list(sought.people.prefetch_related("registrations", "receipts")[: MOST + 1])
    return {"kind": sought.kind, "people": people[:MOST], "has_more": len(people) > MOST}


def understood(words: str) -> Search | None:
    """Tells an IC number, a phone, a receipt number and a plate apart; None for what is none."""
    words = plain(words).strip()
    digits = re.sub(r"[\s.-]", "", words)
    people = User.objects.filter(is_staff=False).order_by("-opened_at", "-pk")
    if _IC_NUMBER.fullmatch(digits):
        return Search("ic_number", people.with_ic_number(digits))
    if _RECEIPT.fullmatch(words.upper()):
        return Search("receipt", people.filter(receipts__number=words.upper()))
    try:
        return Search("phone", people.filter(phone_index=blind_index("phone", read_phone(words))))
    except InvalidPhone:
        pass
    if not _PLATE.fullmatch(digits.upper()):
        return None
    plates = Registration.objects.with_plate(digits)
    return Search("plate", people.filter(pk__in=plates.values("user")))
