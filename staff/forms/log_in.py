"""The officers' log-in: name, password and the digits of the authenticator, on one page."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django_otp.admin import OTPAdminAuthenticationForm

from accounts.models import Authenticator, RecoveryDevice

_RECOVERY_CODE = re.compile(r"[0-9]{12}")


class StaffLogInForm(OTPAdminAuthenticationForm):  # type: ignore[misc]
    """django-otp's form, which asks for no device: a recovery code is longer."""

    error_messages = {
        "invalid_login": _("Nama pengguna atau kata laluan tidak betul"),
        "inactive": _("Akaun ini tidak aktif"),
    }
    otp_error_messages = OTPAdminAuthenticationForm.otp_error_messages | {
        "token_required": _("Masukkan kod daripada aplikasi pengesah anda"),
        "invalid_token": _("Kod pengesah tidak betul. Masukkan kod terkini"),
        "n_failed_attempts": ngettext_lazy(
            "Terlalu banyak cubaan. Tunggu sebentar, kemudian cuba lagi",
            "Terlalu banyak cubaan. Tunggu sebentar, kemudian cuba lagi",
            "failure_count",
        ),
        "verification_not_allowed": _("Terlalu banyak cubaan. Tunggu sebentar, kemudian cuba lagi"),
        "device_required": _("Akaun ini belum mempunyai aplikasi pengesah"),
    }

    otp_device = None
    otp_challenge = None
    otp_token = forms.CharField(
        label=_("Kod pengesah, atau satu kod pemulihan"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Nama pengguna")
        self.fields["password"].label = _("Kata laluan")

    def clean_otp_token(self) -> str:
        """Without the spaces and hyphens that people put between digits."""
        return re.sub(r"[\s-]", "", self.cleaned_data["otp_token"])

    def _chosen_device(self, user: Any) -> Any:
        """The confirmed authenticator or list of codes, locked so that no code is taken twice."""
        is_recovery = _RECOVERY_CODE.fullmatch(self.cleaned_data.get("otp_token", ""))
        devices = RecoveryDevice.objects if is_recovery else Authenticator.objects
        confirmed = devices.filter(user=user, confirmed=True)
        return confirmed.select_for_update().order_by("pk").first()
