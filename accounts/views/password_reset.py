"""Forgotten password: IC number and phone, the code, the mailed link, a new password."""

from datetime import datetime
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms.identity import ForgotPasswordForm
from accounts.forms.secrets import CodeForm, NewPasswordForm
from accounts.http import form_page, posted
from accounts.http.cookies import device_secret, remember
from accounts.http.session import KeptReset, facts
from accounts.models import Channel, EmailLink, User
from accounts.services import password_reset as services
from accounts.services.codes import CodeState
from accounts.views.codes import CodeStep, code_again_page, code_by_email_page, code_page
from accounts.views.links import link_page
from accounts.views.log_in import ask_for_code

_FORM_METHODS = ["GET", "HEAD", "POST"]


@login_not_required
@require_http_methods(_FORM_METHODS)
@never_cache
@sensitive_post_parameters()
def forgot_password(request: HttpRequest) -> HttpResponse:
    """IC number and phone; the answer is always the same."""
    at = timezone.now()
    form = ForgotPasswordForm(
        posted(request),
        initial={"ic_number": _typed_ic(request)},
        today=timezone.localdate(at),
    )
    if form.is_valid():
        reset = services.request_reset(
            ic_number=form.cleaned_data["ic_number"],
            phone=form.cleaned_data["phone"],
            attempt=form.cleaned_data["attempt"],
            at=at,
        )
        _keep(request, reset)
        return redirect("accounts:reset_code")
    return form_page(request, "accounts/forgot_password.html", {"form": form})


def _typed_ic(request: HttpRequest) -> str:
    """The IC number that was typed at log-in: nobody types it twice."""
    return facts(request).forgotten_ic or facts(request).log_in_ic or ""


def _keep(request: HttpRequest, reset: services.Reset, *, is_confirmed: bool = False) -> None:
    facts(request).reset = KeptReset(
        str(reset.attempt), reset.user_id, reset.counted_as, is_confirmed
    )


def _kept(request: HttpRequest) -> services.Reset | None:
    """The attempt of this browser."""
    kept = facts(request).reset
    return services.Reset(UUID(kept.attempt), kept.user, kept.counted_as) if kept else None


def _is_confirmed(request: HttpRequest) -> bool:
    """True when the code of this browser's attempt was typed."""
    kept = facts(request).reset
    return bool(kept and kept.is_confirmed)


def _proved_user_id(request: HttpRequest) -> int | None:
    """Whose phone this browser has proved."""
    kept = facts(request).reset
    return kept.user if kept and kept.is_confirmed else None


class ResetCode(CodeStep[HttpRequest]):
    """The code, if one came; whether anybody is reached is not told."""

    page = "accounts:reset_code"
    again = "accounts:reset_code_again"
    by_email = "accounts:reset_code_by_email"
    back = "accounts:forgot_password"
    heading = mailed_heading = gettext_lazy("Semak telefon dan e-mel anda")
    sent = gettext_lazy("Jika maklumat sepadan, kami telah menghantar kod baharu")
    mailed = gettext_lazy("Jika maklumat sepadan, pautan ada dalam e-mel terbaharu daripada kami")

    def __init__(self, request: HttpRequest, reset: services.Reset) -> None:
        super().__init__(request, services.reset_check(reset), None)
        self.reset = reset

    def state(self, at: datetime) -> CodeState:
        """The same for an attempt that matches nobody."""
        return services.reset_code_state(reset=self.reset, at=at)

    def confirm(self, form: CodeForm, at: datetime) -> HttpResponse:
        """Has the link sent; the browser, which proved the phone, is known."""
        digits, old_secret = form.cleaned_data["code"], device_secret(self.request)
        device = services.confirm_reset(
            reset=self.reset, digits=digits, old_secret=old_secret, at=at
        )
        _keep(self.request, self.reset, is_confirmed=True)
        self.request.session.cycle_key()
        return remember(redirect("accounts:reset_sent"), device)

    def send(self, channel: Channel, at: datetime) -> None:
        """A code, or by e-mail a link; an earlier one may be there. Raises TooSoon."""
        if channel == Channel.EMAIL:
            services.request_reset_link(reset=self.reset, at=at)
        else:
            services.send_reset_code(reset=self.reset, at=at)


def _find(request: HttpRequest) -> ResetCode | HttpResponse:
    reset = _kept(request)
    return ResetCode(request, reset) if reset else redirect("accounts:forgot_password")


def _find_unconfirmed(request: HttpRequest) -> ResetCode | HttpResponse:
    return redirect("accounts:reset_sent") if _is_confirmed(request) else _find(request)


reset_code = login_not_required(code_page(_find_unconfirmed))
reset_code_again = login_not_required(code_again_page(_find))
reset_code_by_email = login_not_required(code_by_email_page(_find))


@login_not_required
@require_safe
@never_cache
def reset_sent(request: HttpRequest) -> HttpResponse:
    """The link is on its way."""
    if not _is_confirmed(request):
        return redirect("accounts:forgot_password")
    return render(request, "accounts/reset_sent.html")


@link_page(EmailLink.Purpose.RESET)
def new_password(request: HttpRequest, link: EmailLink) -> HttpResponse:
    """The new password; the POST uses the link up and ends every session."""
    form = NewPasswordForm(posted(request), user=link.user)
    if form.is_valid():
        attempt = uuid4()
        device = services.set_new_password(
            link_id=link.pk,
            password=form.cleaned_data["password"],
            proved_user_id=_proved_user_id(request),
            old_secret=device_secret(request),
            attempt=attempt,
            at=timezone.now(),
        )
        logout(request)
        if device is None:
            return _go_on_to_code(request, link.user_id, attempt)
        messages.success(request, _("Kata Laluan anda telah ditukar. Log masuk untuk meneruskan"))
        return remember(redirect("accounts:log_in"), device)
    return form_page(request, "accounts/new_password.html", {"form": form, "person": link.user})


def _go_on_to_code(request: HttpRequest, user_id: int, attempt: UUID) -> HttpResponse:
    """Whoever set the password has given it: the code follows, however many others guess."""
    facts(request).log_in_attempt = attempt
    words = _("Kata Laluan anda telah ditukar. Taip kod dalam SMS untuk log masuk")
    messages.success(request, words)
    return ask_for_code(request, User.objects.get(pk=user_id))
