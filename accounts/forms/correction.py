"""What an officer types to have a name or an IC number put right."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.identity import FullNameField, IcNumberForm, text_input
from accounts.models import User

_IC_NUMBER = re.compile(r"\d(?:[\s-]*\d){11}")


class CorrectionForm(IcNumberForm):
    """The name, the IC number if that is wrong, and why; `user` is the person as they stand."""

    full_name = FullNameField()
    ic_number = forms.CharField(
        label=_("Nombor kad pengenalan yang betul (jika berubah)"),
        help_text=_("12 angka. Biarkan kosong jika nombor sekarang betul"),
        required=False,
        widget=text_input("off", inputmode="numeric"),
    )
    reason = forms.CharField(
        label=_("Sebab, untuk pegawai kedua"),
        help_text=_("Contohnya: nama pada lesen berbeza. Jangan tulis nombor kad pengenalan"),
        max_length=200,
        error_messages={
            "required": _("Terangkan sebab pembetulan"),
            "max_length": _("Gunakan paling banyak %(limit_value)d aksara"),
        },
    )
    field_order = ["full_name", "ic_number", "reason"]

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        initial = {"full_name": user.full_name}
        super().__init__(*args, today=today, initial=initial, **kwargs)
        self.user = user

    def clean_reason(self) -> str:
        """It is shown to whoever may read the list, who may not read IC numbers whole."""
        reason: str = self.cleaned_data["reason"]
        if _IC_NUMBER.search(reason):
            words = _(
                "Jangan tulis nombor kad pengenalan dalam sebab. Tulis 4 angka terakhir sahaja"
            )
            raise forms.ValidationError(words, code="ic_number")
        return reason

    def clean_ic_number(self) -> str:
        """Twelve digits; those that stand there now when none are typed."""
        typed = self.cleaned_data["ic_number"]
        return super().clean_ic_number() if typed else str(self.user.ic_number)
