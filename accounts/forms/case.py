"""What is asked of somebody who cannot log in, and what an officer decides about it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.identity import AddressForm, AttemptForm, EmailField, FullNameField, PhoneField
from accounts.models import AccountCase
from foundation.forms import PortalForm
from foundation.wording import local_phone

Kind = AccountCase.Kind
Status = AccountCase.Status
_REACHED_BY_PHONE = _("Nombor yang anda gunakan sekarang, contohnya 012-345 6789")
_REACHED_BY_MAIL = _("Alamat yang boleh anda baca sekarang")


class ReportCaseForm(AddressForm, AttemptForm):
    """Who somebody is, and where to reach them now."""

    full_name = FullNameField()
    phone = PhoneField()
    email = EmailField(_REACHED_BY_MAIL)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].help_text = _REACHED_BY_PHONE


@dataclass(frozen=True)
class CaseDecided:
    """What the officer answered; phone and address only where somebody lost both."""

    to: AccountCase.Status
    note: str
    phone: str
    email: str


class CaseDecisionForm(PortalForm):
    """What an officer decides; phone and address only where somebody lost both."""

    WORDS = {
        Kind.LOST_CONTACT: (
            Status.COOLING_OFF,
            _("Tukar telefon dan e-mel selepas 24 jam"),
        ),
        Kind.IC_NUMBER_TAKEN: (
            Status.PROPOSED,
            _("Cadangkan kepada pegawai kedua supaya akaun ini ditutup"),
        ),
    }
    SECOND = (
        Status.DONE,
        _("Tutup akaun sekarang supaya pemilik sebenar boleh membuka akaunnya"),
    )

    decision = forms.ChoiceField(
        label=_("Keputusan"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Pilih keputusan"),
            "invalid_choice": _("Pilih keputusan"),
        },
    )
    phone = PhoneField()
    email = EmailField(_("Kami akan menghantar pautan pengesahan ke alamat ini"))
    note = forms.CharField(
        label=_("Dokumen yang dilihat, atau sebab"),
        help_text=_("Contohnya: MyKad asal di kaunter. Jangan tulis nombor kad pengenalan"),
        max_length=200,
        error_messages={
            "required": _("Tulis dokumen yang dilihat, atau sebab"),
            "max_length": _("Gunakan paling banyak %(limit_value)d aksara"),
        },
    )

    def __init__(self, *args: Any, case: AccountCase, **kwargs: Any) -> None:
        phone = local_phone(case.phone) if case.phone else ""
        kwargs.setdefault("initial", {"phone": phone, "email": case.email})
        super().__init__(*args, **kwargs)
        kind = Kind(case.kind)
        words = self.SECOND if case.status == Status.PROPOSED else self.WORDS[kind]
        choices = [words, (Status.REFUSED, _("Jangan terima"))]
        self.fields["decision"].choices = choices  # type: ignore[attr-defined]
        if kind == Kind.IC_NUMBER_TAKEN:
            del self.fields["phone"], self.fields["email"]

    def decided(self) -> CaseDecided:
        """The answers of a valid form."""
        answers = self.cleaned_data
        return CaseDecided(
            to=Status(answers["decision"]),
            note=answers["note"],
            phone=answers.get("phone", ""),
            email=answers.get("email", ""),
        )
