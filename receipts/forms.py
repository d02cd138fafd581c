"""What is typed about receipts: the code of one, and the name on its correction."""

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms import PortalForm
from receipts.verification_code import read_code

_CODE_FORMAT = _("Kod pengesahan mempunyai 25 huruf dan angka. Semak dan cuba lagi")


class CodeForm(PortalForm):
    """The code that stands beside the QR picture of a receipt, cleaned; it is asked by GET."""

    is_sent = False

    code = forms.CharField(
        label=_("Kod pengesahan"),
        help_text=_("25 huruf dan angka, di sebelah kod QR pada resit"),
        max_length=200,  # a pasted address of the receipt's page too
        error_messages={
            "required": _("Masukkan kod pengesahan"),
            "max_length": _CODE_FORMAT,
        },
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        """The code as it is stored."""
        code = read_code(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(_CODE_FORMAT, code="invalid")
        return code
