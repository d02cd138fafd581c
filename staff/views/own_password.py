"""An officer's own password."""

from django.contrib import admin, messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.forms.secrets import ChangePasswordForm
from accounts.http import UserRequest, posted
from accounts.http.guards import fresh_totp_required
from accounts.services import officers
from accounts.services.limits import TooMany
from accounts.services.proof import WrongOwnPassword
from staff.pages import READ_AND_SEND


@sensitive_post_parameters()
@require_http_methods(READ_AND_SEND)
@fresh_totp_required
def change_password(request: UserRequest) -> HttpResponse:
    """Another password; every session but this one ends.

    Django's page has neither a limit of tries nor an event.
    """
    form = ChangePasswordForm(posted(request), user=request.user)
    if form.is_valid():
        try:
            officers.change_password(
                officer=request.user,
                old_password=form.cleaned_data["old_password"],
                password=form.cleaned_data["password"],
                at=timezone.now(),
            )
        except (TooMany, WrongOwnPassword) as refusal:
            form.add_error("old_password", str(refusal))
        else:
            update_session_auth_hash(request, request.user)
            words = _("Kata Laluan anda telah ditukar. Peranti lain telah dilog keluar")
            messages.success(request, words)
            return redirect("admin:index")
    context = {"form": form, "title": _("Tukar Kata Laluan")}
    return render(request, "admin/own_password.html", admin.site.each_context(request) | context)
