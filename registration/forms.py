"""What a driver and an officer may type, checked field by field."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.forms import CardLabel, DayMonthYearField, PortalForm
from registration.documents import Alternative
from registration.kinds import KINDS
from registration.media import AcceptedFile, Unacceptable, accept
from registration.models import (
    DocumentKind,
    Region,
    Registration,
    Sector,
    State,
    SupportingDocument,
)


def _line(label: Any, purpose: str, missing: Any, most: int, **more: Any) -> forms.CharField:
    """A text box of the address; `purpose` is its autocomplete token."""
    attributes = {"autocomplete": purpose, "spellcheck": "false"} | more.pop("attrs", {})
    return forms.CharField(
        label=label,
        max_length=most,
        widget=forms.TextInput(attrs=attributes),
        error_messages={
            "required": missing,
            "max_length": _("Gunakan paling banyak %(limit_value)d aksara"),
        },
        **more,
    )


class ServiceForm(PortalForm):
    """What and where somebody drives."""

    sector = forms.ChoiceField(
        label=_("Jenis perkhidmatan"),
        choices=Sector.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Pilih jenis perkhidmatan anda"),
            "invalid_choice": _("Pilih jenis perkhidmatan anda"),
        },
    )
    region = forms.ChoiceField(
        label=_("Di mana anda memandu?"),
        choices=Region.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih kawasan"), "invalid_choice": _("Pilih kawasan")},
    )


class DetailsForm(PortalForm):
    """The particulars that the IC number does not tell."""

    citizenship = forms.ChoiceField(
        label=_("Status kewarganegaraan"),
        choices=Registration.Citizenship.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Pilih status kewarganegaraan anda"),
            "invalid_choice": _("Pilih status kewarganegaraan anda"),
        },
    )
    address_line_1 = _line(_("Alamat baris 1"), "address-line1", _("Masukkan alamat"), 100)
    address_line_2 = _line(_("Alamat baris 2 (jika ada)"), "address-line2", "", 100, required=False)
    postcode = _line(
        _("Poskod"),
        "postal-code",
        _("Masukkan poskod"),
        20,
        attrs={"inputmode": "numeric"},
        validators=[RegexValidator(r"^([0-9] ?){5}$", _("Poskod mesti 5 angka"), "postcode")],
    )
    town = _line(_("Bandar"), "address-level2", _("Masukkan bandar"), 60)
    state = forms.ChoiceField(
        label=_("Negeri"),
        choices=[("", ""), *State.choices],
        widget=forms.Select(attrs={"autocomplete": "address-level1"}),
        error_messages={"required": _("Pilih negeri"), "invalid_choice": _("Pilih negeri")},
    )
    operator_name = _line(
        _("Syarikat atau pengendali (jika ada)"),
        "organization",
        "",
        100,
        required=False,
        help_text=_("Contohnya syarikat teksi, e-hailing atau bas anda"),
    )
    vehicle_number = _line(
        _("No. pendaftaran kenderaan (jika ada)"),
        "off",
        "",
        15,
        required=False,
        help_text=_("Contohnya VAB 1234"),
        attrs={"autocapitalize": "characters"},
    )

    def clean_postcode(self) -> str:
        """Five digits; some write a space between them."""
        return str(self.cleaned_data["postcode"]).replace(" ", "")

    def clean_vehicle_number(self) -> str:
        """As on the plate: capitals, single spaces."""
        return " ".join(self.cleaned_data["vehicle_number"].upper().split())


class ChooseDocumentForm(PortalForm):
    """Which of the alternatives the driver has."""

    kind = forms.ChoiceField(
        label=_("Dokumen yang anda ada"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Pilih dokumen yang anda ada"),
            "invalid_choice": _("Pilih dokumen yang anda ada"),
        },
    )

    def __init__(
        self, *args: Any, alternatives: tuple[Alternative, ...] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        hint = gettext("Pegawai perlu menyemaknya dahulu sebelum anda boleh membayar")
        labels = {a.kind: str(DocumentKind(a.kind).label) for a in alternatives}
        choices = [
            (a.kind, CardLabel(labels[a.kind], hint) if a.refers else labels[a.kind])
            for a in alternatives
        ]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]


class DocumentForm(PortalForm):
    """One document: its file, number and expiry.

    `kept` is one whose file was sent before: then none need be sent. `on` is today in Malaysia.
    """

    file = forms.FileField(
        required=False,
        help_text=_(
            "Gambar yang jelas, semua sudut kelihatan. JPG, PNG, HEIC atau PDF, sehingga 10 MB"
        ),
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
        allow_empty_file=True,
    )
    number = _line("", "off", "", 40)
    expiry_date = DayMonthYearField(help_text=_("Contohnya 5 3 2028"))

    def __init__(
        self,
        *args: Any,
        kind: str,
        on: date,
        kept: SupportingDocument | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.on, self.kept = DocumentKind(kind), on, kept
        self.fields["file"].label = DocumentKind(kind).label
        number = str(KINDS[self.kind].number)
        self.fields["number"].label = number
        self.fields["number"].error_messages["required"] = gettext("Masukkan {field}").format(
            field=number[:1].lower() + number[1:]
        )
        self.fields["expiry_date"].label = self._about(gettext("Tarikh tamat {document}"))
        self.fields["expiry_date"].error_messages |= {
            "required": self._about(gettext("Masukkan tarikh tamat {document}")),
            "invalid": gettext("Tarikh tamat mesti tarikh yang sah"),
        }

    @property
    def document_name(self) -> str:
        """The document inside a sentence."""
        return str(KINDS[self.kind].name)

    @property
    def accepted_file(self) -> AcceptedFile | None:
        """The new file, once looked at, even when another field is wrong."""
        return self.cleaned_data.get("file")

    def clean_file(self) -> AcceptedFile | None:
        """Looks at the file's first bytes; its name and claimed type prove nothing."""
        uploaded = self.cleaned_data["file"]
        if uploaded is None and self.kept is None:
            words = gettext("Ambil gambar atau pilih fail {document}")
            words = words.format(document=self.document_name)
            raise ValidationError(words, code="required")
        try:
            return uploaded and accept(uploaded, most=settings.DOCUMENT_MAX_BYTES)
        except Unacceptable as refusal:
            raise ValidationError(str(refusal), code=refusal.code) from None

    def clean_expiry_date(self) -> date:
        """A document counts through its last day."""
        expiry_date = _in_full(self.cleaned_data["expiry_date"])
        if expiry_date < self.on:
            words = gettext(
                "{document} ini sudah tamat tempoh. Perbaharui {document} sebelum mendaftar"
            )
            raise ValidationError(capfirst(self._about(words)), code="expired")
        return expiry_date

    def _about(self, words: str) -> str:
        return words.format(document=KINDS[self.kind].short or self.document_name)


def _in_full(day: date) -> date:
    """The day with its century: "28" means 2028, for no document ran out in the year 28."""
    if day.year < 100:
        return day.replace(year=day.year + 2000)
    if day.year < 1000:
        words = gettext("Tulis tahun dengan empat angka, contohnya 2028")
        raise ValidationError(words, code="year")
    return day


class RenewForm(PortalForm):
    """Whether what we know is still right."""

    is_correct = forms.TypedChoiceField(
        label=_("Adakah maklumat ini masih betul?"),
        choices=[("yes", _("Ya")), ("no", _("Tidak, saya mahu mengubahnya"))],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Pilih ya atau tidak"),
            "invalid_choice": _("Pilih ya atau tidak"),
        },
    )
