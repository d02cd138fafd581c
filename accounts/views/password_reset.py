"""Forgotten password: IC number and phone, the code, the mailed link, a new password."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.identity import ForgotPasswordForm
from accounts.forms.secrets import CodeForm, NewPasswordForm
from accounts.http import posted
from accounts.http.cookies import device_secret, remember
from accounts.http.session import KeptReset, facts
from accounts.models import EmailLink, User
from accounts.services import password_reset as services
from accounts.services.codes import ExpiredCode, TooSoon, WrongCode
from accounts.services.limits import TooMany
from accounts.views.links import carry_link, link_required
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
    return render(request, "accounts/forgot_password.html", {"form": form})


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


@login_not_required
@require_http_methods(_FORM_METHODS)
@never_cache
@sensitive_post_parameters()
def reset_code(request: HttpRequest) -> HttpResponse:
    """The code, if one came."""
    reset = _kept(request)
    if reset is None:
        return redirect("accounts:forgot_password")
    if _is_confirmed(request):
        return redirect("accounts:reset_sent")
    form = CodeForm(posted(request))
    if form.is_valid():
        digits = form.cleaned_data["code"]
        try:
            device = services.confirm_reset(
                reset=reset,
                digits=digits,
                old_secret=device_secret(request),
                at=timezone.now(),
            )
        except (TooMany, WrongCode, ExpiredCode) as error:
            form.add_error("code", str(error))
        else:
            _keep(request, reset, is_confirmed=True)
            request.session.cycle_key()
            return remember(redirect("accounts:reset_sent"), device)
    state = services.reset_code_state(reset=reset, at=timezone.now())
    return render(request, "accounts/reset_code.html", {"form": form, "state": state})


@login_not_required
@require_http_methods(_FORM_METHODS)
@never_cache
def reset_code_again(request: HttpRequest) -> HttpResponse:
    """No code came: another one, if the particulars match."""
    reset = _kept(request)
    if reset is None:
        return redirect("accounts:forgot_password")
    at, refusal = timezone.now(), ""
    if request.method == "POST":
        try:
            services.send_reset_code(reset=reset, at=at)
        except TooSoon as error:
            refusal = str(error)
        else:
            messages.success(request, _("Jika maklumat sepadan, kami telah menghantar kod baharu"))
            return redirect("accounts:reset_code")
    context = {"state": services.reset_code_state(reset=reset, at=at), "refusal": refusal}
    return render(request, "accounts/reset_code_again.html", context)


@login_not_required
@require_POST
@never_cache
def reset_code_by_email(request: HttpRequest) -> HttpResponse:
    """Still no code: a link by e-mail, if the particulars match; an earlier one may be there."""
    reset = _kept(request)
    if reset is None:
        return redirect("accounts:forgot_password")
    services.request_reset_link(reset=reset, at=timezone.now())
    messages.success(
        request, _("Jika maklumat sepadan, pautan ada dalam e-mel terbaharu daripada kami")
    )
    return redirect("accounts:reset_code")


@login_not_required
@require_safe
@never_cache
def reset_sent(request: HttpRequest) -> HttpResponse:
    """The link is on its way."""
    if not _is_confirmed(request):
        return redirect("accounts:forgot_password")
    return render(request, "accounts/reset_sent.html")


@login_not_required
@require_safe
@never_cache
def open_reset_link(request: HttpRequest, token: str) -> HttpResponse:
    """Carries the link to the clean address; only the POST there uses it up."""
    return carry_link(request, token, "accounts:new_password")


@login_not_required
@require_http_methods(_FORM_METHODS)
@never_cache
@sensitive_post_parameters()
@link_required(EmailLink.Purpose.RESET)
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
    return render(request, "accounts/new_password.html", {"form": form, "person": link.user})


def _go_on_to_code(request: HttpRequest, user_id: int, attempt: UUID) -> HttpResponse:
    """Whoever set the password has given it: the code follows, however many others guess."""
    facts(request).log_in_attempt = attempt
    words = _("Kata Laluan anda telah ditukar. Taip kod dalam SMS untuk log masuk")
    messages.success(request, words)
    return ask_for_code(request, User.objects.get(pk=user_id))
