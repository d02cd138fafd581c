"""An officer promised the account another phone and address: stopping it, and proving the new."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.forms.secrets import CodeForm
from accounts.http import UserRequest, see_other
from accounts.models import AccountCase, EmailLink
from accounts.services import recovery as services
from accounts.services.cases import stop_case
from accounts.services.contacts import new_phone_check
from accounts.services.limits import TooMany
from accounts.views.codes import CodeStep
from accounts.views.links import confirm_page, link_page
from foundation.states import ForbiddenMove, StaleStatus

_FORM_METHODS = ["GET", "HEAD", "POST"]


@link_page(EmailLink.Purpose.STOP)
def stop_recovery(request: HttpRequest, link: EmailLink) -> HttpResponse:
    """By the link in the old mailbox: it was not its owner who went to the counter."""
    if request.method == "POST":
        return _stop(request, get_object_or_404(AccountCase, contact_change=link.contact_change_id))
    words = _("Hentikan perubahan")
    return confirm_page(request, link, heading=words, button=words, kind="danger")


@require_POST
def stop_own_recovery(request: UserRequest) -> HttpResponse:
    """By the profile: whoever can log in has lost nothing."""
    return _stop(request, get_object_or_404(request.user.account_cases.cooling_off()))


def _stop(request: HttpRequest, case: AccountCase) -> HttpResponse:
    try:
        stop_case(case=case, at=timezone.now())
    except (ForbiddenMove, StaleStatus):
        messages.error(request, _("Perubahan ini tidak lagi menunggu. Hubungi kami segera"))
    else:
        messages.success(request, _("Perubahan telah dihentikan. Tukar Kata Laluan anda"))
    return redirect("accounts:profile" if request.user.is_authenticated else "home")


@link_page(EmailLink.Purpose.RECOVER)
def recover(request: HttpRequest, link: EmailLink) -> HttpResponse:
    """The new mailbox is read; the button sends a code to the new phone, and another one later."""
    if request.method == "POST":
        try:
            services.request_recovery_code(link=link, at=timezone.now())
            return redirect("accounts:recover_code")
        except TooMany as error:
            messages.error(request, str(error))
            return see_other("accounts:recover")
    heading, button = _("Sahkan telefon baharu anda"), _("Hantar kod")
    return confirm_page(request, link, heading=heading, button=button)


class RecoveryCode(CodeStep[HttpRequest]):
    """The code that the new phone got: with it both ends are proved."""

    page = "accounts:recover_code"
    again = back = "accounts:recover"
    heading = gettext_lazy("Semak telefon baharu anda")

    def __init__(self, request: HttpRequest, link: EmailLink) -> None:
        assert link.contact_change
        super().__init__(request, new_phone_check(link.contact_change), link.contact_change)
        self.link = link

    def confirm(self, form: CodeForm, at: datetime) -> HttpResponse:
        """Phone and mailbox are the new ones; every session ends."""
        digits = form.cleaned_data["code"]
        services.recover_account(link=self.link, digits=digits, at=at)
        logout(self.request)
        words = _("Telefon dan e-mel anda telah ditukar. Tetapkan Kata Laluan baharu")
        messages.success(self.request, words)
        return redirect("accounts:forgot_password")


@link_page(EmailLink.Purpose.RECOVER)
def recover_code(request: HttpRequest, link: EmailLink) -> HttpResponse:
    return RecoveryCode(request, link).type_code()
