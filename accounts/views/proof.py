"""Fresh proof: before a change, password and code are asked for once more.

A page that needs it is marked by `proof_required`; what was proved holds for ten minutes and for
one change, which calls `use_proof_up`.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms.secrets import CodeForm, PasswordForm
from accounts.http import UserRequest, posted
from accounts.http.session import Proof, ProofFor, facts
from accounts.models import Channel
from accounts.services import proof as services
from accounts.services.codes import ExpiredCode, WrongCode
from accounts.services.limits import TooMany

# How long password and code, typed again, allow changes to the account.
PROOF_LIFE = timedelta(minutes=10)

View = Callable[..., HttpResponseBase]


def proof_required(*, with_code: bool) -> Callable[[View], View]:
    """Marks a page: without a fresh proof it leads to the pages that ask for one, and back."""

    def mark(view: View) -> View:
        @wraps(view)
        def checked(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            proof = facts(request).proof
            if proof and _is_fresh(proof.code_at if with_code else proof.password_at):
                return view(request, *args, **kwargs)
            facts(request).proof_for = ProofFor(request.path, with_code)
            return redirect("accounts:prove")

        return checked

    return mark


def _is_fresh(proved_at: float) -> bool:
    return bool(timezone.now().timestamp() - proved_at < PROOF_LIFE.total_seconds())


def proof_attempt(request: UserRequest) -> UUID:
    """What codes after the proof are bound to; each proof has its own."""
    proof = facts(request).proof
    assert proof
    return UUID(proof.attempt)


def use_proof_up(request: UserRequest) -> None:
    """The next change asks again."""
    facts(request).proof = None


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def prove(request: UserRequest) -> HttpResponse:
    """The password again."""
    wanted = facts(request).proof_for
    if wanted is None:
        return redirect("accounts:profile")
    form = PasswordForm(posted(request))
    if form.is_valid():
        at = timezone.now()
        try:
            services.prove_password(
                user=request.user, password=form.cleaned_data["password"], at=at
            )
            return _go_on(request, wanted, at)
        except (TooMany, services.WrongOwnPassword) as error:
            form.add_error("password", str(error))
    return render(request, "accounts/prove.html", {"form": form})


def _go_on(request: UserRequest, wanted: ProofFor, at: datetime) -> HttpResponse:
    """To the code, or to the page that asked; raises TooMany."""
    attempt = uuid4()
    if wanted.with_code:
        services.request_proof_code(user=request.user, attempt=attempt, at=at)
    facts(request).proof = Proof(at.timestamp(), str(attempt))
    request.session.cycle_key()
    return redirect("accounts:prove_code" if wanted.with_code else wanted.next)


def _half_way(request: UserRequest) -> tuple[Proof, ProofFor] | None:
    """The proof whose password was typed just now, and what it is for."""
    proof, wanted = facts(request).proof, facts(request).proof_for
    return (proof, wanted) if proof and wanted and _is_fresh(proof.password_at) else None


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def prove_code(request: UserRequest) -> HttpResponse:
    """The code to the phone of the account."""
    half_way = _half_way(request)
    if half_way is None:
        return redirect("accounts:prove")
    proof, wanted = half_way
    form = CodeForm(posted(request))
    if form.is_valid():
        at, digits = timezone.now(), form.cleaned_data["code"]
        attempt = proof_attempt(request)
        try:
            services.prove_phone(user=request.user, attempt=attempt, digits=digits, at=at)
        except (TooMany, WrongCode, ExpiredCode) as error:
            form.add_error("code", str(error))
        else:
            facts(request).proof = replace(proof, code_at=at.timestamp())
            request.session.cycle_key()
            return redirect(wanted.next)
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
    if _half_way(request) is None:
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
