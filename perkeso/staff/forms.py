"""The officers' log-in: name, password and the digits of the authenticator, on one page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django_otp.admin import OTPAdminAuthenticationForm
from django_otp.plugins.otp_totp.models import TOTPDevice


class StaffLogInForm(OTPAdminAuthenticationForm):  # type: ignore[misc]
    """django-otp's form, which takes the officer's only authenticator without asking which."""

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
        label=_("Kod pengesah"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Nama pengguna")
        self.fields["password"].label = _("Kata laluan")

    def _chosen_device(self, user: Any) -> Any:
        """The officer's confirmed authenticator, locked so that no code is taken twice."""
        confirmed = TOTPDevice.objects.filter(user=user, confirmed=True)
        return confirmed.select_for_update().order_by("pk").first()
