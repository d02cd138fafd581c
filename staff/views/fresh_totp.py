"""Digits of the authenticator once more, before an act that they are asked for."""

from typing import Any

from django.contrib import admin
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.forms.secrets import TokenForm
from accounts.http import UserRequest, posted
from accounts.http.guards import own_path
from accounts.http.session import facts
from accounts.services import officers


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """The one page, for officers only; `accounts.http.guards.fresh_totp_required` leads there."""
    view: Any = fresh_totp
    return [path("pengesahan/", site.admin_view(view), name="fresh_totp")]


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def fresh_totp(request: UserRequest) -> HttpResponse:
    """Asks for the digits; right ones are good for five minutes and lead back."""
    form = TokenForm(posted(request))
    if form.is_valid():
        at = timezone.now()
        try:
            officers.confirm_totp(officer=request.user, token=form.cleaned_data["token"], at=at)
        except (officers.WrongToken, officers.TooSoon) as refusal:
            form.add_error("token", str(refusal))
        else:
            facts(request).totp_at = at
            back = own_path(request, request.GET.get("next", ""))
            return redirect(back or "admin:index")
    context = {"form": form, "title": _("Sahkan bahawa ini anda")}
    return render(request, "admin/fresh_totp.html", admin.site.each_context(request) | context)
