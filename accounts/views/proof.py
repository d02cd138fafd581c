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

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.forms.secrets import CodeForm, PasswordForm
from accounts.http import UserRequest, form_page, posted
from accounts.http.session import Proof, ProofFor, facts
from accounts.services import proof as services
from accounts.services.codes import request_code_once
from accounts.services.limits import TooMany
from accounts.views.codes import CodeStep, code_again_page, code_by_email_page, code_page

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
    return form_page(request, "accounts/prove.html", {"form": form})


def _go_on(request: UserRequest, wanted: ProofFor, at: datetime) -> HttpResponse:
    """To the code, or to the page that asked; raises TooMany."""
    attempt = uuid4()
    if wanted.with_code:
        request_code_once(services.code_check(request.user, attempt), at=at)
    facts(request).proof = Proof(at.timestamp(), str(attempt))
    request.session.cycle_key()
    return redirect("accounts:prove_code" if wanted.with_code else wanted.next)


class ProofCode(CodeStep[UserRequest]):
    """The code to the phone of the account."""

    page = "accounts:prove_code"
    again = "accounts:prove_code_again"
    by_email = "accounts:prove_code_by_email"
    back = cancel = "accounts:profile"

    def confirm(self, form: CodeForm, at: datetime) -> HttpResponse:
        """Goes to the page that asked."""
        kept, request = facts(self.request), self.request
        assert kept.proof
        assert kept.proof_for
        services.prove_phone(
            user=request.user,
            attempt=self.check.attempt,
            digits=form.cleaned_data["code"],
            at=at,
        )
        kept.proof = replace(kept.proof, code_at=at.timestamp())
        request.session.cycle_key()
        return redirect(kept.proof_for.next)


def _find(request: UserRequest) -> ProofCode | HttpResponse:
    """The proof whose password was typed just now, if a page waits for it."""
    proof = facts(request).proof
    if not proof or not facts(request).proof_for or not _is_fresh(proof.password_at):
        return redirect("accounts:prove")
    check = services.code_check(request.user, UUID(proof.attempt))
    return ProofCode(request, check, request.user)


prove_code = code_page(_find)
prove_code_again = code_again_page(_find)
prove_code_by_email = code_by_email_page(_find)
