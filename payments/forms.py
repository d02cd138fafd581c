"""Checks the payer's choice of bank."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.forms import PortalForm
from payments.gateway import gateway
from payments.models import Bank


class BankSelect(forms.Select):
    """A drop-down, as PayNet asks for; what is offline in it cannot be chosen."""

    offline: frozenset[str] = frozenset()

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if value in self.offline:
            option["attrs"]["disabled"] = True
        return option


class ChooseBankForm(PortalForm):
    """Through which bank, and where FPX mails its own notice."""

    bank = forms.ChoiceField(
        label=_("Pilih bank anda"),
        help_text=_("Bank peserta FPX. “Offline” bermaksud bank itu tidak tersedia sekarang."),
        widget=BankSelect,
        error_messages={"required": _("Pilih bank"), "invalid_choice": _("Pilih bank")},
    )
    email = forms.EmailField(
        label=_("E-mel untuk notis FPX (jika ada)"),
        required=False,
        max_length=gateway.email_max_length,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "invalid": _("Taip alamat e-mel dalam bentuk nama@contoh.com"),
            "max_length": _("FPX hanya menerima alamat e-mel sehingga 50 aksara"),
        },
    )

    def __init__(self, *args: Any, banks: Iterable[Bank], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._banks = {bank.bank_id: bank for bank in banks}
        last = (bank.bank_id for bank in self._banks.values() if bank.is_last)
        self.initial["bank"] = next(last, "")
        field = self.fields["bank"]
        assert isinstance(field, forms.ChoiceField)
        assert isinstance(field.widget, BankSelect)
        field.choices = [("", _("Pilih bank")), *_groups(self._banks.values())]
        field.widget.offline = frozenset(
            bank.bank_id for bank in self._banks.values() if not bank.is_online
        )

    def clean_bank(self) -> Bank:
        """The bank itself; one that is offline is no choice."""
        bank = self._banks[self.cleaned_data["bank"]]
        if not bank.is_online:
            raise forms.ValidationError(
                _("Bank ini Offline sekarang. Pilih bank lain"), code="offline"
            )
        return bank

    def clean_email(self) -> str:
        """An address that FPX's messages can carry."""
        email: str = self.cleaned_data["email"]
        if not gateway.is_sendable(email):
            field = self.fields["email"]
            raise forms.ValidationError(field.error_messages["invalid"], code="invalid")
        return email


class DoublePaymentForm(PortalForm):
    """What becomes of the second money; the next period is offered when it may be bought."""

    REFUND = "refund"
    NEXT_PERIOD = "next_period"

    choice = forms.ChoiceField(
        label=_("Apakah yang anda mahu?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Pilih bayaran balik atau tempoh seterusnya"),
            "invalid_choice": _("Pilih bayaran balik atau tempoh seterusnya"),
        },
    )

    def __init__(self, *args: Any, offers_period: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        period = [(self.NEXT_PERIOD, _("Gunakan untuk tempoh perlindungan seterusnya"))]
        choices = [*(period if offers_period else []), (self.REFUND, _("Pulangkan wang saya"))]
        self.fields["choice"].choices = choices  # type: ignore[attr-defined]


def _groups(banks: Iterable[Bank]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The banks under headings, in the order that they come in."""
    return [
        (heading, [(bank.bank_id, _label(bank)) for bank in group])
        for heading, group in groupby(banks, _heading)
    ]


def _heading(bank: Bank) -> str:
    if bank.is_last:
        return gettext("Bank terakhir anda")
    popular, other = gettext("Kerap digunakan"), gettext("Bank lain")
    return popular if gateway.is_popular(bank.bank_id) else other


def _label(bank: Bank) -> str:
    if bank.is_online:
        return bank.name
    return gettext("%(bank)s (Offline)") % {"bank": bank.name}
