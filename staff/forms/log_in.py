"""The officers' log-in: name, password and the digits of the authenticator, on one page."""

import re
from typing import Any

from django import forms
from django.contrib.auth.forms import UsernameField
from django.utils.translation import gettext_lazy as _

_SEPARATORS = re.compile(r"[\s-]")
_CODE = re.compile(r"[0-9]{6}|[0-9]{12}")  # of an authenticator, or for its loss


class StaffLogInForm(forms.Form):
    """Looks at what was typed only: what is right, one service says of all three together."""

    username = UsernameField(label=_("Nama pengguna"), max_length=150)
    password = forms.CharField(
        label=_("Kata laluan"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    otp_token = forms.CharField(
        label=_("Kod pengesah, atau satu kod pemulihan"),
        error_messages={"required": _("Masukkan kod daripada aplikasi pengesah anda")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def clean_otp_token(self) -> Any:
        """Without the spaces and hyphens that people put between digits."""
        token = _SEPARATORS.sub("", self.cleaned_data["otp_token"])
        if not _CODE.fullmatch(token):
            words = _("Kod pengesah mesti 6 angka, dan kod pemulihan 12 angka")
            raise forms.ValidationError(words, code="digits")
        return token
