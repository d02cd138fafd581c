"""The driver's own account: what we know of them, and their password, phrase and language."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, translate_url
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms.identity import AgreeForm, ChangeLanguageForm, ChangeNameForm
from accounts.forms.secrets import ChangePasswordForm, ChangePhraseForm
from accounts.http import UserRequest, form_page, posted
from accounts.http.cookies import speak
from accounts.models import EmailLink, User
from accounts.services import corrections
from accounts.services import secrets as services
from accounts.services.consents import give_consent
from accounts.services.limits import TooMany
from accounts.services.proof import WrongOwnPassword
from accounts.views.proof import proof_required, use_proof_up
from foundation.refusals import Refusal
from foundation.wording import local_phone, masked_email, masked_ic, masked_phone

_FORM_METHODS = ["GET", "HEAD", "POST"]
_HIDDEN = "••••••••"


@require_safe
def profile(request: UserRequest) -> HttpResponse:
    """Everything about the account on one page, each with its way to change it."""
    return _page(request, _rows(request.user))


@require_safe
@proof_required(with_code=False)
def whole_contact(request: UserRequest) -> HttpResponse:
    """The same page with phone and address whole, for who has just typed the password."""
    return _page(request, _rows(request.user, is_whole=True), is_whole=True)


def _page(
    request: UserRequest, rows: list[dict[str, Any]], *, is_whole: bool = False
) -> HttpResponse:
    links = request.user.links.good_for(EmailLink.Purpose.NEW_EMAIL, timezone.now())
    context = {
        "rows": rows,
        "is_whole": is_whole,
        "case": request.user.account_cases.cooling_off().first(),
        "waiting": links.select_related("contact_change").last(),
        "consents": request.user.consents.all(),
    }
    return render(request, "accounts/profile.html", context)


def _rows(user: User, *, is_whole: bool = False) -> list[dict[str, Any]]:
    phone = local_phone(user.phone or "") if is_whole else masked_phone(user.phone)
    email = str(user.email) if is_whole else masked_email(user.email)
    return [
        _row(_("Nama"), user.full_name, "change_name"),
        {"key": _("Nombor kad pengenalan"), "value": masked_ic(user.ic_number)},
        _row(_("Telefon"), phone, "change_phone"),
        _row(_("E-mel"), email, "change_email"),
        _row(_("Kata Laluan"), _HIDDEN, "change_password"),
        _row(_("Ungkapan Rahsia"), _HIDDEN, "change_phrase"),
        _row(_("Bahasa mesej dan resit"), _language_of(user.language), "change_language"),
    ]


def _row(key: str, value: str, page: str) -> dict[str, Any]:
    return {"key": key, "value": value, "change_url": reverse(f"accounts:{page}")}


def _language_of(code: str) -> str:
    return "English" if code == "en" else "Bahasa Melayu"


@require_http_methods(_FORM_METHODS)
@sensitive_post_parameters()
def change_password(request: UserRequest) -> HttpResponse:
    """Another password; every session but this one ends."""
    form = ChangePasswordForm(posted(request), user=request.user)
    if form.is_valid():
        try:
            services.change_password(
                user=request.user,
                old_password=form.cleaned_data["old_password"],
                password=form.cleaned_data["password"],
                at=timezone.now(),
            )
        except (TooMany, WrongOwnPassword) as error:
            form.add_error("old_password", str(error))
        else:
            update_session_auth_hash(request, request.user)
            messages.success(
                request, _("Kata Laluan anda telah ditukar. Peranti lain telah dilog keluar")
            )
            return redirect("accounts:profile")
    return form_page(request, "accounts/change_password.html", {"form": form})


@require_http_methods(_FORM_METHODS)
@sensitive_post_parameters()
@proof_required(with_code=False)
def change_phrase(request: UserRequest) -> HttpResponse:
    """Another secret phrase."""
    form = ChangePhraseForm(posted(request), user=request.user)
    if form.is_valid():
        phrase = form.cleaned_data["secret_phrase"]
        services.change_phrase(user=request.user, phrase=phrase, at=timezone.now())
        use_proof_up(request)
        messages.success(request, _("Ungkapan Rahsia anda telah ditukar"))
        return redirect("accounts:profile")
    return form_page(request, "accounts/change_phrase.html", {"form": form})


@require_http_methods(_FORM_METHODS)
@proof_required(with_code=False)
def change_name(request: UserRequest) -> HttpResponse:
    """Asks an officer to put the spelling right; the name changes once one has agreed."""
    form = ChangeNameForm(posted(request), initial={"full_name": request.user.full_name})
    if form.is_valid():
        try:
            corrections.request_correction(
                user=request.user, full_name=form.cleaned_data["full_name"], at=timezone.now()
            )
        except Refusal as refusal:
            form.add_error("full_name", str(refusal))
        else:
            use_proof_up(request)
            messages.success(request, _("Permintaan dihantar. Pegawai akan memutuskannya"))
            return redirect("accounts:profile")
    return form_page(request, "accounts/change_name.html", {"form": form})


@require_http_methods(_FORM_METHODS)
def change_language(request: UserRequest) -> HttpResponse:
    """The language of mails, SMS and receipts; the profile is shown in it at once."""
    form = ChangeLanguageForm(posted(request), initial={"language": request.user.language})
    if form.is_valid():
        language = form.cleaned_data["language"]
        services.change_language(user=request.user, language=language, at=timezone.now())
        with override(language):
            messages.success(request, _("Bahasa anda telah disimpan"))
        profile = translate_url(reverse("accounts:profile"), language)
        return speak(redirect(profile), language)
    return form_page(request, "accounts/change_language.html", {"form": form})


@require_http_methods(_FORM_METHODS)
def agree(request: UserRequest) -> HttpResponse:
    """The privacy notice in its present words, asked for when they have changed."""
    form = AgreeForm(posted(request))
    if form.is_valid():
        language = (get_language() or "ms")[:2]
        give_consent(user=request.user, language=language, at=timezone.now())
        return redirect("choose_mode")
    return form_page(request, "accounts/agree.html", {"form": form})
