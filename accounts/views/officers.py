"""An officer's first visit: a password and an authenticator."""

import segno
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.forms.secrets import OfficerForm
from accounts.http import form_page, posted
from accounts.http.cookies import device_secret, remember
from accounts.models import EmailLink
from accounts.services.devices import remember_device
from accounts.services.officers import WrongToken, open_officer, totp_of
from accounts.services.recovery_codes import spaced
from accounts.views.links import link_page


@link_page(EmailLink.Purpose.OFFICER)
def set_up_officer(request: HttpRequest, link: EmailLink) -> HttpResponse:
    """The officer sets a password, scans the TOTP and shows that it works."""
    form = OfficerForm(posted(request), user=link.user)
    if form.is_valid():
        at, old_secret = timezone.now(), device_secret(request)
        password, token = form.cleaned_data["password"], form.cleaned_data["token"]
        try:
            officer, codes = open_officer(link_id=link.pk, password=password, token=token, at=at)
        except WrongToken as error:
            form.add_error("token", str(error))
        else:
            logout(request)
            device = remember_device(user=officer, old_secret=old_secret, at=at)
            ready = {"codes": [spaced(code) for code in codes]}
            return remember(render(request, "accounts/officer_ready.html", ready), device)
    totp = totp_of(link.user)
    context = {
        "form": form,
        "person": link.user,
        "secret": totp.secret,
        "picture": segno.make(totp.url, error="m").svg_data_uri(scale=5),
    }
    return form_page(request, "accounts/set_up_officer.html", context)
