"""Forms that take codes, phrases and passwords."""

import re
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts import secret_phrase
from accounts.forms.identity import IcNumberForm, text_input
from accounts.models import User
from foundation.forms import PortalForm

MAX_PASSWORD_LENGTH = 128
_SIX_DIGITS = re.compile(r"\d{6}", re.ASCII)
_SEPARATORS = re.compile(r"[\s-]")
# Whose portal this is may be the first thing that a guesser tries.
_OUR_NAMES = ("perkeso", "socso")
_TELLING = _("Jangan gunakan kata laluan, nama atau nombor kad pengenalan anda")
PASSWORD_ERRORS = {
    "password_too_short": _("Kata Laluan mesti sekurang-kurangnya 10 aksara"),
    "password_too_common": _("Kata Laluan ini terlalu biasa digunakan"),
    "personal": _("Kata Laluan tidak boleh mengandungi nama atau nombor kad pengenalan anda"),
    "phrase": _("Kata Laluan tidak boleh mengandungi Ungkapan Rahsia anda"),
}


class CodeForm(PortalForm):
    """Six digits from an SMS; spaces and hyphens are dropped."""

    code = forms.CharField(
        label=_("Kod OTP"),
        help_text=_("6 angka"),
        error_messages={"required": _("Masukkan kod OTP")},
        widget=text_input("one-time-code", inputmode="numeric", **{"class": "short"}),
    )

    def clean_code(self) -> str:
        """ASCII digits only."""
        code = _SEPARATORS.sub("", self.cleaned_data["code"])
        if not _SIX_DIGITS.fullmatch(code):
            raise forms.ValidationError(_("Kod OTP mesti 6 angka"), code="digits")
        return code


class DeviceCodeForm(CodeForm):
    """The code on an unknown device."""

    is_to_be_remembered = forms.BooleanField(
        label=_("Ingat peranti ini selama 30 hari"), required=False
    )


class LogInForm(IcNumberForm):
    """Step 8."""


def password_field(label: Any, autocomplete: str, required: Any, **options: Any) -> forms.CharField:
    """A password: paste and password managers are welcome."""
    attrs = {"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"}
    return forms.CharField(
        label=label,
        strip=False,
        max_length=MAX_PASSWORD_LENGTH,
        error_messages={
            "required": required,
            "max_length": _("Kata Laluan mesti tidak melebihi 128 aksara"),
        },
        widget=forms.PasswordInput(attrs=attrs),
        **options,
    )


class UsernameInput(forms.TextInput):
    """A box that only password managers see; they overlook boxes of type hidden."""

    is_hidden = True

    def __init__(self) -> None:
        super().__init__({"autocomplete": "username", "hidden": True})


class PasswordForm(PortalForm):
    """Step 9; `username` comes from the page before."""

    username = forms.CharField(required=False, widget=UsernameInput())
    password = password_field(_("Kata Laluan"), "current-password", _("Masukkan Kata Laluan"))


class NewPasswordForm(PortalForm):
    """A new password, twice; `user` is who must not be named in it."""

    username = forms.CharField(required=False, widget=UsernameInput())
    password = password_field(
        _("Kata Laluan"),
        "new-password",
        _("Masukkan Kata Laluan"),
        help_text=_("Sekurang-kurangnya 10 aksara. Tiga perkataan yang tidak berkaitan lebih kuat"),
    )
    password_confirmation = password_field(
        _("Pengesahan Kata Laluan"), "new-password", _("Taip Kata Laluan sekali lagi")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, initial={"username": user.ic_number or user.username}, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """Long, not common, and not about its owner; the error's code is one of PASSWORD_ERRORS."""
        password: str = self.cleaned_data["password"]
        code = _rule_broken(password, self.user)
        if not code and any(name in password.lower() for name in _OUR_NAMES):
            code = "password_too_common"
        if not code and _is_personal(password, self.user):
            code = "personal"
        # Whoever knows the IC number sees the phrase.
        if not code and self.user.secret_phrase and self.user.secret_phrase in password.lower():
            code = "phrase"
        if code:
            raise forms.ValidationError(PASSWORD_ERRORS[code], code=code)
        return password

    def clean(self) -> dict[str, Any]:
        password = self.cleaned_data.get("password")
        again = self.cleaned_data.get("password_confirmation")
        if password and again and password != again:
            self.add_error(
                "password_confirmation",
                forms.ValidationError(_("Kedua-dua kata laluan mesti sama"), code="mismatch"),
            )
        return self.cleaned_data


def _rule_broken(password: str, user: User) -> str:
    """The code of the first of Django's password rules that is broken; empty when none is."""
    try:
        validate_password(password, user)
    except forms.ValidationError as error:
        return str(error.error_list[0].code)
    return ""


def _is_personal(text: str, user: User) -> bool:
    digits = "".join(character for character in text if character.isdigit())
    has_ic_number = bool(user.ic_number) and user.ic_number in digits
    return has_ic_number or secret_phrase.mentions(text, user.full_name)


def phrase_field() -> forms.CharField:
    """The secret phrase, of the driver's own words."""
    return forms.CharField(
        label=_("Ungkapan Rahsia"),
        help_text=_(
            "Dua hingga empat perkataan yang mudah anda kenali. "
            "Kami memaparkannya setiap kali anda log masuk"
        ),
        error_messages={"required": _("Masukkan Ungkapan Rahsia")},
        widget=text_input("off", autocapitalize="none"),
    )


def _checked_phrase(typed: str, user: User) -> str:
    """Lower-case words that tell nothing about their owner."""
    phrase = secret_phrase.normalised(typed)
    if not secret_phrase.MIN_LENGTH <= len(phrase) <= secret_phrase.MAX_LENGTH:
        raise forms.ValidationError(
            _("Ungkapan Rahsia mesti antara 8 dan 60 aksara"), code="length"
        )
    if _is_personal(phrase, user):
        raise forms.ValidationError(_TELLING, code="telling")
    if not secret_phrase.is_words(phrase):
        raise forms.ValidationError(
            _("Ungkapan Rahsia mesti dua hingga empat perkataan, huruf sahaja"), code="words"
        )
    return phrase


class CredentialsForm(NewPasswordForm):
    """Step 7: phrase and password."""

    field_order = ["secret_phrase"]
    secret_phrase = phrase_field()

    def clean_secret_phrase(self) -> str:
        """Raises with one of the codes length, telling and words."""
        return _checked_phrase(self.cleaned_data["secret_phrase"], self.user)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        phrase, password = cleaned.get("secret_phrase"), cleaned.get("password", "").lower()
        if phrase and password and (phrase in password or password in phrase):
            self.add_error("secret_phrase", forms.ValidationError(_TELLING, code="telling"))
        return cleaned


class ChangePhraseForm(PortalForm):
    """Another phrase; `user` is who must not be named in it, nor the password be."""

    secret_phrase = phrase_field()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_secret_phrase(self) -> str:
        """Raises with one of the codes length, telling and words."""
        phrase = _checked_phrase(self.cleaned_data["secret_phrase"], self.user)
        if self.user.check_password(phrase):
            raise forms.ValidationError(_TELLING, code="telling")
        return phrase


class ChangePasswordForm(NewPasswordForm):
    """Another password, after the one that holds now."""

    field_order = ["username", "old_password"]
    old_password = password_field(
        _("Kata Laluan sekarang"), "current-password", _("Masukkan Kata Laluan sekarang")
    )


class TokenForm(PortalForm):
    """The digits that an officer's authenticator shows."""

    token = forms.CharField(
        label=_("Kod pengesah"),
        help_text=_("6 angka yang dipaparkan oleh aplikasi pengesah"),
        error_messages={"required": _("Masukkan kod pengesah")},
        widget=text_input("one-time-code", inputmode="numeric", **{"class": "short"}),
    )

    def clean_token(self) -> str:
        """ASCII digits only."""
        token = _SEPARATORS.sub("", self.cleaned_data["token"])
        if not _SIX_DIGITS.fullmatch(token):
            raise forms.ValidationError(_("Kod pengesah mesti 6 angka"), code="digits")
        return token


class OfficerForm(TokenForm, NewPasswordForm):
    """An officer's password, and a code that shows that their authenticator works."""
