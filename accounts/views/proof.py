"""Fresh proof: before a change, password and code are asked for once more.

A page that needs it is marked by `proof_required`; what was proved holds for ten minutes and for
one change, which calls `use_proof_up`.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import http
from accounts.forms.secrets import CodeForm, PasswordForm
from accounts.http import UserRequest
from accounts.models import Channel
from accounts.services import proof as services
from accounts.services.codes import ExpiredCode, WrongCode
from accounts.services.limits import TooMany

View = Callable[..., HttpResponseBase]


def proof_required(*, with_code: bool) -> Callable[[View], View]:
    """Marks a page: without a fresh proof it leads to the pages that ask for one, and back."""

    def mark(view: View) -> View:
        @wraps(view)
        def checked(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if _is_fresh(request, "code_at" if with_code else "password_at"):
                return view(request, *args, **kwargs)
            request.session[http.PROOF_FOR] = {"next": request.path, "with_code": with_code}
            return redirect("accounts:prove")

        return checked

    return mark


def _is_fresh(request: UserRequest, what: str) -> bool:
    proved_at = request.session.get(http.PROOF, {}).get(what, 0)
    return bool(timezone.now().timestamp() - proved_at < settings.PROOF_LIFE.total_seconds())


def proof_attempt(request: UserRequest) -> UUID:
    """What codes after the proof are bound to; each proof has its own."""
    return UUID(request.session[http.PROOF]["attempt"])


def use_proof_up(request: UserRequest) -> None:
    """The next change asks again."""
    request.session.pop(http.PROOF, None)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def prove(request: UserRequest) -> HttpResponse:
    """The password again."""
    if http.PROOF_FOR not in request.session:
        return redirect("accounts:profile")
    form = PasswordForm(http.posted(request))
    if form.is_valid():
        at = timezone.now()
        try:
            services.prove_password(
                user=request.user, password=form.cleaned_data["password"], at=at
            )
            return _go_on(request, at)
        except (TooMany, services.WrongOwnPassword) as error:
            form.add_error("password", str(error))
    return render(request, "accounts/prove.html", {"form": form})


def _go_on(request: UserRequest, at: datetime) -> HttpResponse:
    """To the code, or to the page that asked; raises TooMany."""
    attempt = uuid4()
    wanted = request.session[http.PROOF_FOR]
    if wanted["with_code"]:
        services.request_proof_code(user=request.user, attempt=attempt, at=at)
    request.session[http.PROOF] = {"password_at": at.timestamp(), "attempt": str(attempt)}
    request.session.cycle_key()
    return redirect("accounts:prove_code" if wanted["with_code"] else wanted["next"])


def _is_half_way(request: UserRequest) -> bool:
    """True when the password was typed just now and the code is asked for."""
    return http.PROOF_FOR in request.session and _is_fresh(request, "password_at")


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def prove_code(request: UserRequest) -> HttpResponse:
    """The code to the phone of the account."""
    if not _is_half_way(request):
        return redirect("accounts:prove")
    form = CodeForm(http.posted(request))
    if form.is_valid():
        at, digits = timezone.now(), form.cleaned_data["code"]
        attempt = proof_attempt(request)
        try:
            services.prove_phone(user=request.user, attempt=attempt, digits=digits, at=at)
        except (TooMany, WrongCode, ExpiredCode) as error:
            form.add_error("code", str(error))
        else:
            request.session[http.PROOF] |= {"code_at": at.timestamp()}
            request.session.cycle_key()
            return redirect(request.session[http.PROOF_FOR]["next"])
    state = services.proof_code_state(
        user=request.user, attempt=proof_attempt(request), at=timezone.now()
    )
    context = {"form": form, "person": request.user, "state": state}
    return render(request, "accounts/prove_code.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def prove_code_again(request: UserRequest) -> HttpResponse:
    """No code came: another one, to the same number."""
    return _code_again(request, Channel.SMS)


@require_POST
def prove_code_by_email(request: UserRequest) -> HttpResponse:
    """Still no code, or the phone is gone: one by e-mail."""
    return _code_again(request, Channel.EMAIL)


def _code_again(request: UserRequest, channel: Channel) -> HttpResponse:
    """Another code by `channel`, if that is offered; a GET asks which."""
    if not _is_half_way(request):
        return redirect("accounts:prove")
    at, attempt = timezone.now(), proof_attempt(request)
    state = services.proof_code_state(user=request.user, attempt=attempt, at=at)
    context: dict[str, object] = {"person": request.user, "state": state}
    if request.method == "POST" and (channel == Channel.SMS or state.may_be_mailed):
        try:
            services.request_another_code(
                user=request.user, attempt=attempt, at=at, channel=channel
            )
        except TooMany as error:
            context["refusal"] = str(error)
        else:
            messages.success(request, _("Kami telah menghantar kod baharu"))
            return redirect("accounts:prove_code")
    return render(request, "accounts/prove_code_again.html", context)
