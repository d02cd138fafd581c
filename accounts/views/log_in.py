"""Steps 8 and 9: IC number, phrase and password, the code on an unknown device; and out again."""

from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse, translate_url
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.browser import browser_name
from accounts.forms.secrets import CodeForm, DeviceCodeForm, LogInForm, PasswordForm
from accounts.http import form_page, posted
from accounts.http.cookies import device_secret, remember, sign_for, speak
from accounts.http.guards import keep_next
from accounts.http.sender import network
from accounts.http.session import HalfWay, facts
from accounts.models import KnownDevice, User
from accounts.services import log_in as services
from accounts.services.limits import TooMany
from accounts.services.sessions import record_log_in
from accounts.views.codes import CodeStep, code_again_page, code_by_email_page, code_page
from foundation.forms import PortalForm
from foundation.refusals import Refusal

_TOO_MANY = "too_many"
_BACKEND = "django.contrib.auth.backends.ModelBackend"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
def log_in(request: HttpRequest) -> HttpResponse:
    """Step 8: the IC number."""
    if request.user.is_authenticated:
        return redirect("choose_mode")
    keep_next(request)
    at = timezone.now()
    form = LogInForm(posted(request), today=timezone.localdate(at))
    if form.is_valid():
        try:
            services.count_ic_number(
                ic_number=form.cleaned_data["ic_number"],
                device_secret=device_secret(request),
                network=network(request),
                at=at,
            )
        except TooMany as error:
            facts(request).forgotten_ic = form.cleaned_data["ic_number"]
            _refuse(form, "ic_number", error)
        else:
            facts(request).begin_log_in(form.cleaned_data["ic_number"])
            return redirect("accounts:log_in_password")
    context = {
        "form": form,
        "is_refused": form.has_error("ic_number", _TOO_MANY),
        "is_about_payment": _is_about_payment(facts(request).next),
    }
    return form_page(request, "accounts/log_in.html", context)


def _is_about_payment(page: str | None) -> bool:
    """True for whoever was on the way to a payment, such as from a bank that opened a browser."""
    try:
        return page is not None and resolve(urlsplit(page).path).app_name == "payments"
    except Resolver404:
        return False


@login_not_required
@require_POST
@never_cache
@sensitive_post_parameters()
def forgot_at_log_in(request: HttpRequest) -> HttpResponse:
    """Leads from the IC number to "forgotten password", with what was typed of it."""
    form = LogInForm(request.POST, today=timezone.localdate())
    if form.is_valid():
        facts(request).forgotten_ic = form.cleaned_data["ic_number"]
    return redirect("accounts:forgot_password")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
def log_in_password(request: HttpRequest) -> HttpResponse:
    """Step 9: the portal shows the phrase, the driver types the password."""
    ic_number, attempt = facts(request).log_in_ic, facts(request).log_in_attempt
    if not ic_number or not attempt:
        return _start_again(request)
    form = PasswordForm(posted(request), initial={"username": ic_number})
    if form.is_valid():
        at = timezone.now()
        try:
            found = services.authenticate(
                ic_number=ic_number,
                password=form.cleaned_data["password"],
                device_secret=device_secret(request),
                network=network(request),
                attempt=attempt,
                at=at,
            )
        except (TooMany, services.WrongPassword) as error:
            _refuse(form, "password", error)
        else:
            if found.device:
                return _enter(request, found.user, found.device, at)
            return ask_for_code(request, found.user)
    context = {
        "form": form,
        "phrase": services.shown_phrase(ic_number=ic_number),
        "is_refused": form.has_error("password", _TOO_MANY),
    }
    return form_page(request, "accounts/log_in_password.html", context)


def _refuse(form: PortalForm, field: str, error: Refusal) -> None:
    code = _TOO_MANY if isinstance(error, TooMany) else "wrong"
    form.add_error(field, ValidationError(str(error), code=code))


def _start_again(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("Sesi log masuk telah tamat. Masukkan nombor kad pengenalan anda"))
    return redirect("accounts:log_in")


def _enter(
    request: HttpRequest, user: User, device: KnownDevice | None, at: datetime
) -> HttpResponse:
    """Logs in; where the driver wanted to go is kept for after the mode page."""
    kept = facts(request)
    wanted = kept.next
    login(request, user, backend=_BACKEND)
    browser = browser_name(request.headers.get("User-Agent", ""))
    log_in = record_log_in(user=user, device=device, browser=browser, at=at)
    kept.end_log_in()
    kept.log_in, kept.signed_in_at, kept.next = log_in.pk, at, wanted
    return sign_for(_to_mode_page(request, user), user)


def _to_mode_page(request: HttpRequest, user: User) -> HttpResponse:
    """In the language of the account, where the browser remembers none."""
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        return redirect("choose_mode")
    page = translate_url(reverse("choose_mode"), user.language)
    return speak(redirect(page), user.language)


def ask_for_code(request: HttpRequest, user: User) -> HttpResponse:
    """To the code page: this browser gave the password, or has just set it."""
    facts(request).half_way = HalfWay(user.pk, user.get_session_auth_hash())
    request.session.cycle_key()
    return redirect("accounts:log_in_code")


class LogInCode(CodeStep[HttpRequest]):
    """The code on an unknown device."""

    form_class = DeviceCodeForm
    page = "accounts:log_in_code"
    again = "accounts:log_in_code_again"
    by_email = "accounts:log_in_code_by_email"
    back = "accounts:log_in"
    before = gettext_lazy("Kami belum mengenali peranti ini.")

    def __init__(self, request: HttpRequest, user: User, attempt: UUID) -> None:
        super().__init__(request, services.code_check(user, attempt), user)
        self.user = user

    def confirm(self, form: CodeForm, at: datetime) -> HttpResponse:
        """Logs in; the browser is a known device from now on, if that is wanted."""
        device = services.confirm_device(
            user=self.user,
            attempt=self.check.attempt,
            digits=form.cleaned_data["code"],
            is_to_be_remembered=form.cleaned_data["is_to_be_remembered"],
            old_secret=device_secret(self.request),
            at=at,
        )
        return remember(_enter(self.request, self.user, device, at), device)


def _find(request: HttpRequest) -> LogInCode | HttpResponse:
    """Who gave the right password in this browser, and the attempt the codes are bound to."""
    kept, attempt = facts(request).half_way, facts(request).log_in_attempt
    if not kept or not attempt:
        return _start_again(request)
    user = User.objects.filter(pk=kept.user, is_active=True).first()
    if not user or not constant_time_compare(kept.password, user.get_session_auth_hash()):
        return _start_again(request)
    return LogInCode(request, user, attempt)


log_in_code = login_not_required(code_page(_find))
log_in_code_again = login_not_required(code_again_page(_find))
log_in_code_by_email = login_not_required(code_by_email_page(_find))


@login_not_required
@require_safe
def not_my_phrase(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/not_my_phrase.html")


@login_not_required
@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """Ends the session, if time has not done so before; the browser stays a known device."""
    logout(request)
    messages.success(request, _("Anda telah log keluar"))
    response = redirect("home")
    response.delete_cookie(settings.OWNER_COOKIE_NAME, samesite="Lax")
    return response
