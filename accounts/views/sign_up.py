"""Steps 3 to 5: particulars, the code, the mail that is on its way."""

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.forms.identity import SendCodeAgainForm, SendLinkAgainForm, SignUpForm
from accounts.forms.secrets import CodeForm
from accounts.http import form_page, posted, see_other
from accounts.http.cookies import device_secret, remember
from accounts.http.sender import network
from accounts.http.session import facts
from accounts.models import Channel, User
from accounts.services import sign_up as services
from accounts.services.limits import TooMany
from accounts.views.codes import CodeStep, code_again_page, code_page
from foundation.wording import local_phone

_FORM_METHODS = ["GET", "HEAD", "POST"]


@login_not_required
@require_http_methods(_FORM_METHODS)
@never_cache
@sensitive_post_parameters()
def sign_up(request: HttpRequest) -> HttpResponse:
    """Step 3: the particulars, one form."""
    if request.user.is_authenticated:
        return redirect("choose_mode")
    at = timezone.now()
    form = SignUpForm(posted(request), today=timezone.localdate(at))
    if form.is_valid():
        try:
            begun = services.begin_sign_up(
                attempt=form.cleaned_data["attempt"],
                particulars=_particulars(form),
                network=network(request),
                at=at,
            )
        except TooMany as error:
            form.add_error("phone", str(error))
        else:
            facts(request).sign_up = begun.sign_up_attempt
            return redirect("accounts:sign_up_code")
    return form_page(request, "accounts/sign_up.html", {"form": form})


def _particulars(form: SignUpForm) -> services.Particulars:
    typed = form.cleaned_data
    return services.Particulars(
        ic_number=typed["ic_number"],
        full_name=typed["full_name"],
        phone=typed["phone"],
        email=typed["email"],
        language=(get_language() or settings.LANGUAGE_CODE)[:2],
        consent_version=settings.PRIVACY_NOTICE_VERSION,
    )


def _current(request: HttpRequest) -> User | None:
    """The sign-up of this browser; it may have been opened since."""
    attempt = facts(request).sign_up
    return User.objects.filter(sign_up_attempt=attempt).first() if attempt else None


class SignUpCode(CodeStep[HttpRequest]):
    """Step 4: the code."""

    page = "accounts:sign_up_code"
    again = back = "accounts:send_code_again"
    after_mailed = gettext_lazy(
        "Terlalu banyak SMS diminta sekarang, jadi kami mengesahkan e-mel anda dahulu. "
        "SMS dihantar selepas itu."
    )

    def __init__(self, request: HttpRequest, sign_up: User) -> None:
        super().__init__(request, services.code_check(sign_up), sign_up)
        self.sign_up = sign_up

    def confirm(self, form: CodeForm, at: datetime) -> HttpResponse:
        """To the end, or to the SMS when the code proved the mailbox only."""
        device = services.confirm_phone(
            sign_up=self.sign_up,
            digits=form.cleaned_data["code"],
            network=network(self.request),
            old_secret=device_secret(self.request),
            at=at,
        )
        self.request.session.cycle_key()
        if device is None:
            words = _("E-mel anda disahkan. Sekarang taip kod dalam SMS")
            messages.success(self.request, words)
            return redirect("accounts:sign_up_code")
        return remember(redirect("accounts:sign_up_done"), device)

    def send_again(self, channel: Channel) -> HttpResponse:
        """Another code, perhaps to another number."""
        at, phone = timezone.now(), local_phone(str(self.sign_up.phone))
        form = SendCodeAgainForm(posted(self.request), initial={"phone": phone})
        if form.is_valid():
            phone, sender = form.cleaned_data["phone"], network(self.request)
            try:
                services.send_code_again(sign_up=self.sign_up, phone=phone, network=sender, at=at)
                return self.has_sent(channel)
            except TooMany as error:
                form.add_error("phone", str(error))
        context = {"form": form, "step": self, "state": self.state(at)}
        return form_page(self.request, "accounts/code_again.html", context)


def _lost(request: HttpRequest) -> HttpResponse:
    """There is no sign-up in this browser; a page says so, by a GET."""
    if request.method == "POST":
        return see_other(request.path)
    return render(request, "accounts/sign_up_lost.html")


def _find(request: HttpRequest) -> SignUpCode | HttpResponse:
    person = _current(request)
    if person is None:
        return _lost(request)
    if person.phone_proved_at:
        return redirect("accounts:sign_up_done")
    return SignUpCode(request, person)


sign_up_code = login_not_required(code_page(_find))
send_code_again = login_not_required(code_again_page(_find))


@login_not_required
@require_http_methods(_FORM_METHODS)
@never_cache
@sensitive_post_parameters()
def sign_up_done(request: HttpRequest) -> HttpResponse:
    """Step 5: the mail is on its way; it can be sent again, perhaps to another address."""
    person = _current(request)
    if person is None:
        return _lost(request)
    if person.is_opened:
        return redirect("accounts:log_in")
    if not person.phone_proved_at:
        return redirect("accounts:sign_up_code")
    form = SendLinkAgainForm(posted(request), initial={"email": person.email})
    if form.is_valid():
        email = form.cleaned_data["email"]
        try:
            services.send_link_again(sign_up=person, email=email, at=timezone.now())
        except TooMany as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, _("Kami telah menghantar pautan baharu"))
            return redirect("accounts:sign_up_done")
    context = {"form": form, "person": person, "is_link_sent": services.is_link_sent(person)}
    return form_page(request, "accounts/sign_up_done.html", context)
