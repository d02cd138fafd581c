"""An officer's recovery codes: how many are left, and ten new ones."""

from django.contrib import admin
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.http import UserRequest
from accounts.services.recovery_codes import count_recovery_codes, make_recovery_codes, spaced
from staff.pages import desk_page, every_officer


@desk_page(
    "kod-pemulihan/",
    name="recovery_codes",
    permission=every_officer,
    fresh_digits=True,
)
def recovery_codes(request: UserRequest) -> HttpResponse:
    """Tells how many are left; a POST makes ten new ones and shows them, this once."""
    codes = []
    if request.method == "POST":
        made = make_recovery_codes(officer=request.user, at=timezone.now())
        codes = [spaced(code) for code in made]
    context = {
        **admin.site.each_context(request),
        "title": _("Kod pemulihan"),
        "codes": codes,
        "left": count_recovery_codes(request.user),
    }
    return render(request, "admin/recovery_codes.html", context)
