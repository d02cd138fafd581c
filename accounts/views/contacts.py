"""Another phone, another e-mail address, and the link that undoes either."""

from datetime import datetime
from uuid import uuid5

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.forms.identity import ChangeEmailForm, ChangePhoneForm
from accounts.forms.secrets import CodeForm
from accounts.http import UserRequest, form_page, posted
from accounts.http.session import facts
from accounts.models import ContactChange, EmailLink
from accounts.services import contacts as services
from accounts.services.limits import TooMany
from accounts.views.codes import CodeStep, code_again_page, code_page
from accounts.views.links import confirm_page, link_page
from accounts.views.proof import proof_attempt, proof_required, use_proof_up
from foundation.wording import masked_email, masked_phone

_FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(_FORM_METHODS)
@sensitive_post_parameters()
@proof_required(with_code=True)
def change_phone(request: UserRequest) -> HttpResponse:
    """The new number, to which a code is sent."""
    form = ChangePhoneForm(posted(request))
    if form.is_valid():
        phone = form.cleaned_data["phone"]
        # One attempt for each number: pressed twice it is one request.
        attempt = uuid5(proof_attempt(request), phone)
        try:
            services.request_new_phone(
                user=request.user,
                phone=phone,
                attempt=attempt,
                log_in_id=facts(request).log_in,
                at=timezone.now(),
            )
        except (TooMany, services.SameContact) as error:
            form.add_error("phone", str(error))
        else:
            facts(request).new_phone = attempt
            return redirect("accounts:change_phone_code")
    return form_page(request, "accounts/change_phone.html", {"form": form})


class NewPhoneCode(CodeStep[UserRequest]):
    """The code that the new phone got."""

    page = "accounts:change_phone_code"
    again = "accounts:change_phone_code_again"
    back = "accounts:change_phone"
    cancel = "accounts:profile"
    heading = gettext_lazy("Semak telefon baharu anda")
    button = gettext_lazy("Tukar nombor telefon")

    def __init__(self, request: UserRequest, change: ContactChange) -> None:
        super().__init__(request, services.new_phone_check(change), change)
        self.change = change

    def confirm(self, form: CodeForm, at: datetime) -> HttpResponse:
        """The new phone replaces the old; other sessions end."""
        digits, key = form.cleaned_data["code"], self.request.session.session_key
        services.confirm_new_phone(change=self.change, digits=digits, session_key=key, at=at)
        use_proof_up(self.request)
        words = _("Nombor telefon anda telah ditukar. Peranti lain telah dilog keluar")
        messages.success(self.request, words)
        return redirect("accounts:profile")


def _find(request: UserRequest) -> NewPhoneCode | HttpResponse:
    """The change that this browser asked for, until it is made."""
    attempt = facts(request).new_phone
    change = services.pending_change(user=request.user, attempt=attempt)
    return NewPhoneCode(request, change) if change else redirect("accounts:profile")


change_phone_code = code_page(_find)
change_phone_code_again = code_again_page(_find)


@require_http_methods(_FORM_METHODS)
@sensitive_post_parameters()
@proof_required(with_code=True)
def change_email(request: UserRequest) -> HttpResponse:
    """The new address, to which a link is sent; the old one holds until the link is used."""
    form = ChangeEmailForm(posted(request))
    if form.is_valid():
        email = form.cleaned_data["email"]
        try:
            services.request_new_email(
                user=request.user,
                email=email,
                log_in_id=facts(request).log_in,
                at=timezone.now(),
            )
        except (TooMany, services.SameContact) as error:
            form.add_error("email", str(error))
        else:
            use_proof_up(request)
            messages.success(request, _("Kami telah menghantar pautan ke alamat baharu"))
            return redirect("accounts:profile")
    return form_page(request, "accounts/change_email.html", {"form": form})


@link_page(EmailLink.Purpose.NEW_EMAIL)
def confirm_new_email(request: HttpRequest, link: EmailLink) -> HttpResponse:
    """The new address is read: it replaces the old one."""
    if request.method == "POST":
        services.confirm_new_email(
            link_id=link.pk, session_key=request.session.session_key, at=timezone.now()
        )
        messages.success(
            request, _("Alamat e-mel anda telah ditukar. Peranti lain telah dilog keluar")
        )
        return redirect("accounts:profile" if request.user.is_authenticated else "home")
    heading, button = _("Sahkan alamat e-mel baharu"), _("Tukar alamat e-mel")
    return confirm_page(request, link, heading=heading, button=button)


@link_page(EmailLink.Purpose.UNDO)
def undo_change(request: HttpRequest, link: EmailLink) -> HttpResponse:
    """Somebody else changed phone or address: both come back, every session ends."""
    if request.method == "POST":
        person = services.undo_change(link_id=link.pk, at=timezone.now())
        logout(request)
        words = _(
            "Perubahan telah dibatalkan: telefon %(phone)s, e-mel %(email)s. Semua peranti telah "
            "dilog keluar. Tetapkan Kata Laluan baharu sekarang"
        )
        reached = {
            "phone": masked_phone(str(person.phone)),
            "email": masked_email(str(person.email)),
        }
        messages.success(request, words % reached)
        return redirect("accounts:forgot_password")
    words = _("Batalkan perubahan")
    return confirm_page(request, link, heading=words, button=words, kind="danger")
