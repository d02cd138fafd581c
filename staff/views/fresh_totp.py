"""Digits of the authenticator once more, before an act that they are asked for."""

from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms.secrets import TokenForm
from accounts.http import UserRequest, posted
from accounts.http.guards import own_path
from accounts.http.session import facts
from accounts.services import officers
from staff.pages import desk_page, every_officer


@desk_page(
    "pengesahan/",
    name="fresh_totp",
    permission=every_officer,
)
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
            _ask_again(request)
            back = own_path(request, request.GET.get("next", ""))
            return redirect(back or "admin:index")
    if facts(request).waiting_act:
        messages.warning(request, _("Belum ada apa-apa dilakukan."))
    context = {"form": form, "title": _("Sahkan bahawa ini anda")}
    return render(request, "admin/fresh_totp.html", admin.site.each_context(request) | context)


def _ask_again(request: UserRequest) -> None:
    """Says that what was pressed before the digits is still to be pressed."""
    if facts(request).waiting_act:
        words = _(
            "Kod disahkan, tetapi perbuatan anda belum dilakukan. Tekan butangnya sekali lagi."
        )
        messages.warning(request, words)
    facts(request).waiting_act = None
