"""Steps 3 to 5: particulars, the code, the mail that is on its way."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.forms.identity import SendCodeAgainForm, SendLinkAgainForm, SignUpForm
from accounts.forms.secrets import CodeForm
from accounts.http import posted
from accounts.http.cookies import device_secret, remember
from accounts.http.guards import network
from accounts.http.session import facts
from accounts.models import KnownDevice, User
from accounts.services import sign_up as services
from accounts.services.codes import ExpiredCode, WrongCode
from accounts.services.limits import TooMany
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
    return render(request, "accounts/sign_up.html", {"form": form})


def _particulars(form: SignUpForm) -> services.Particulars:
    typed = {name: form.cleaned_data[name] for name in ("ic_number", "full_name", "phone", "email")}
    return services.Particulars(
        **typed,
        language=(get_language() or settings.LANGUAGE_CODE)[:2],
        consent_version=settings.PRIVACY_NOTICE_VERSION,
    )


def _current(request: HttpRequest) -> User | None:
    """The sign-up of this browser; it may have been opened since."""
    attempt = facts(request).sign_up
    return User.objects.filter(sign_up_attempt=attempt).first() if attempt else None


@login_not_required
@require_http_methods(_FORM_METHODS)
@never_cache
@sensitive_post_parameters()
def sign_up_code(request: HttpRequest) -> HttpResponse:
    """Step 4: the code."""
    person = _current(request)
    if person is None:
        return render(request, "accounts/sign_up_lost.html")
    if person.phone_proved_at:
        return redirect("accounts:sign_up_done")
    form = CodeForm(posted(request))
    if form.is_valid():
        try:
            device = services.confirm_phone(
                sign_up=person,
                digits=form.cleaned_data["code"],
                network=network(request),
                old_secret=device_secret(request),
                at=timezone.now(),
            )
        except (TooMany, WrongCode, ExpiredCode) as error:
            form.add_error("code", str(error))
        else:
            request.session.cycle_key()
            return _after_code(request, device)
    state = services.sign_up_code_state(sign_up=person, at=timezone.now())
    context = {"form": form, "person": person, "state": state}
    return render(request, "accounts/sign_up_code.html", context)


def _after_code(request: HttpRequest, device: KnownDevice | None) -> HttpResponse:
    """To the end, or to the SMS when the code proved the mailbox only."""
    if device is None:
        messages.success(request, _("E-mel anda disahkan. Sekarang taip kod dalam SMS"))
        return redirect("accounts:sign_up_code")
    return remember(redirect("accounts:sign_up_done"), device)


@login_not_required
@require_http_methods(_FORM_METHODS)
@never_cache
@sensitive_post_parameters()
def send_code_again(request: HttpRequest) -> HttpResponse:
    """No code came: another one, perhaps to another number."""
    person = _current(request)
    if person is None:
        return render(request, "accounts/sign_up_lost.html")
    if person.phone_proved_at:
        return redirect("accounts:sign_up_done")
    form = SendCodeAgainForm(posted(request), initial={"phone": local_phone(str(person.phone))})
    if form.is_valid():
        phone = form.cleaned_data["phone"]
        try:
            services.send_code_again(
                sign_up=person, phone=phone, network=network(request), at=timezone.now()
            )
        except TooMany as error:
            form.add_error("phone", str(error))
        else:
            messages.success(request, _("Kami telah menghantar kod baharu"))
            return redirect("accounts:sign_up_code")
    state = services.sign_up_code_state(sign_up=person, at=timezone.now())
    context = {"form": form, "state": state}
    return render(request, "accounts/send_code_again.html", context)


@login_not_required
@require_http_methods(_FORM_METHODS)
@never_cache
@sensitive_post_parameters()
def sign_up_done(request: HttpRequest) -> HttpResponse:
    """Step 5: the mail is on its way; it can be sent again, perhaps to another address."""
    person = _current(request)
    if person is None:
        return render(request, "accounts/sign_up_lost.html")
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
    return render(request, "accounts/sign_up_done.html", {"form": form, "person": person})
