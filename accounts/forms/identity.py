"""Fields that say who somebody is, and the forms that ask for them: sign-up and its corrections."""

import re
import unicodedata
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.email_domain import meant
from accounts.ic_number import InvalidIcNumber, read_ic_number
from accounts.phone import InvalidPhone, read_phone
from foundation.forms import PortalForm

EMAIL_FORMAT = _("Masukkan alamat e-mel dalam format yang betul, contohnya nama@contoh.com")
_ACTIVATES = _("Kami akan menghantar pautan pengaktifan ke alamat ini")
_OTHER_SIGNS = _("Nama hanya boleh mengandungi huruf, ruang dan tanda ' / @ . , ( ) -")
_NO_ADDRESS = _("Taip nama sahaja, bukan alamat laman. Letak ruang selepas titik")
# "A.K.Rahman" is a name that wants spaces; other letters beside a dot are an address.
_INITIAL = re.compile(r"(?<![^\W_])([^\W\d_])\.(?=[^\W\d_])")
_ADDRESS = re.compile(r"[^\W\d_]\.[^\W\d_]|\bwww\b|//", re.IGNORECASE)
_LONGEST_NAME = 150
_RUMI = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ'/@.,()\- ]*")


def text_input(autocomplete: str, **attrs: str) -> forms.TextInput:
    """A box without spelling help, named to the browser's memory."""
    return forms.TextInput(attrs={"autocomplete": autocomplete, "spellcheck": "false", **attrs})


class PhoneField(forms.CharField):
    """A Malaysian mobile number, cleaned to E.164."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Nombor telefon bimbit"),
            help_text=_("Kami akan menghantar kod OTP melalui SMS, contohnya 012-345 6789"),
            error_messages={"required": _("Masukkan nombor telefon bimbit")},
            widget=forms.TextInput(
                attrs={"type": "tel", "autocomplete": "tel", "spellcheck": "false"}
            ),
        )

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return read_phone(text)
        except InvalidPhone as error:
            raise forms.ValidationError(str(error), code=error.code) from error


class EmailField(forms.EmailField):
    """An e-mail address."""

    def __init__(self, help_text: Any = _ACTIVATES) -> None:
        super().__init__(
            label=_("Alamat e-mel"),
            help_text=help_text,
            max_length=254,
            error_messages={
                "required": _("Masukkan alamat e-mel"),
                "invalid": EMAIL_FORMAT,
                "max_length": EMAIL_FORMAT,
            },
            widget=forms.EmailInput(
                attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}
            ),
        )


class FullNameField(forms.CharField):
    """A name as on the IC: single spaces, Rumi letters and the signs that stand in names."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Nama penuh"),
            help_text=_("Seperti pada kad pengenalan. Taip nama dalam huruf Rumi"),
            max_length=_LONGEST_NAME,
            error_messages={
                "required": _("Masukkan nama penuh anda"),
                "max_length": _("Nama penuh mesti tidak melebihi 150 aksara"),
            },
            widget=text_input("name", autocapitalize="words"),
        )

    def clean(self, value: Any) -> str:
        # Some keyboards and pasted texts write "é" as two signs, which no font shows as one.
        name = unicodedata.normalize("NFC", " ".join(super().clean(value).split()))
        letters = "".join(filter(str.isalpha, name))
        if not letters or not _RUMI.fullmatch(letters):
            raise forms.ValidationError(_("Taip nama dalam huruf Rumi"), code="script")
        if not _RUMI.fullmatch(name):
            raise forms.ValidationError(_OTHER_SIGNS, code="signs")
        name = _INITIAL.sub(r"\1. ", name)
        if len(name) > _LONGEST_NAME:
            raise forms.ValidationError(self.error_messages["max_length"], code="max_length")
        if _ADDRESS.search(name):
            raise forms.ValidationError(_NO_ADDRESS, code="address")
        return name


class IcNumberForm(PortalForm):
    """Asks for an IC number, cleaned to twelve digits; `today` decides the century."""

    ic_number = forms.CharField(
        label=_("Nombor kad pengenalan"),
        help_text=_("12 angka, contohnya 900101-14-5678"),
        error_messages={"required": _("Masukkan nombor kad pengenalan anda")},
        widget=text_input("username", inputmode="numeric"),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_ic_number(self) -> str:
        """Twelve digits; the error's code is one of ic_number.MESSAGES."""
        try:
            return str(read_ic_number(self.cleaned_data["ic_number"], today=self.today))
        except InvalidIcNumber as error:
            raise forms.ValidationError(str(error), code=error.code) from error


class AttemptForm(IcNumberForm):
    """Has a hidden name of its own: sent twice, it is still one attempt."""

    attempt = forms.CharField(widget=forms.HiddenInput, initial=uuid4, required=False)

    def clean_attempt(self) -> UUID:
        """The form's name; a new one when somebody lost it on the way."""
        try:
            return UUID(self.cleaned_data["attempt"])
        except ValueError:
            return uuid4()


class AddressForm(PortalForm):
    """Asks once about an address that was probably meant otherwise; sent again it is taken."""

    asked_about = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> None:
        address = self.cleaned_data.get("email", "")
        other = meant(address)
        if other and self.cleaned_data.get("asked_about") != address:
            self.data: Any = self.data.copy()
            self.data["asked_about"] = address
            words = _(
                "Adakah anda maksudkan %(other)s? Betulkan, atau hantar sekali lagi jika alamat ini"
                " betul"
            )
            self.add_error("email", forms.ValidationError(words, "doubtful", {"other": other}))


class SignUpForm(AddressForm, AttemptForm):
    """Step 3, one form."""

    full_name = FullNameField()
    phone = PhoneField()
    email = EmailField()
    has_read_privacy_notice = forms.BooleanField(
        label=_("Saya telah membaca Notis privasi"),
        error_messages={"required": _("Tandakan kotak untuk meneruskan")},
    )


class SendCodeAgainForm(PortalForm):
    """Another code, to the same number or to a corrected one."""

    phone = PhoneField()


class SendLinkAgainForm(AddressForm):
    """Another link, to the same address or to a corrected one."""

    email = EmailField()


class ChangePhoneForm(PortalForm):
    """The number that shall replace the one of the account."""

    phone = PhoneField()


class ChangeEmailForm(AddressForm):
    """The address that shall replace the one of the account."""

    email = EmailField(_("Kami akan menghantar pautan pengesahan ke alamat ini"))


class ChangeNameForm(PortalForm):
    """The name as it should be spelt."""

    full_name = FullNameField()


class ChangeLanguageForm(PortalForm):
    """In which language somebody is written to."""

    language = forms.ChoiceField(
        label=_("Bahasa"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih bahasa"), "invalid_choice": _("Pilih bahasa")},
    )


class AgreeForm(PortalForm):
    """The privacy notice as it stands now."""

    has_read_privacy_notice = forms.BooleanField(
        label=_("Saya telah membaca Notis privasi"),
        error_messages={"required": _("Tandakan kotak untuk meneruskan")},
    )


class ForgotPasswordForm(AttemptForm):
    """Who forgot their password."""

    phone = PhoneField()
