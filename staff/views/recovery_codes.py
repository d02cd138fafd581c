"""An officer's recovery codes: how many are left, and ten new ones."""

from typing import Any

from django.contrib import admin
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import UserRequest
from accounts.http.guards import fresh_totp_required
from accounts.services.recovery_codes import count_recovery_codes, make_recovery_codes


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """The one page, for officers only."""
    view: Any = recovery_codes
    return [path("kod-pemulihan/", site.admin_view(view), name="recovery_codes")]


@fresh_totp_required
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: UserRequest) -> HttpResponse:
    """Tells how many are left; a POST makes ten new ones and shows them, this once."""
    codes = []
    if request.method == "POST":
        made = make_recovery_codes(officer=request.user, at=timezone.now())
        codes = [f"{code[:4]} {code[4:8]} {code[8:]}" for code in made]
    context = {
        **admin.site.each_context(request),
        "title": _("Kod pemulihan"),
        "codes": codes,
        "left": count_recovery_codes(request.user),
    }
    return render(request, "admin/recovery_codes.html", context)
