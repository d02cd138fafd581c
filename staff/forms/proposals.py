"""What an officer types to have a price or a document rule followed by another."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.models import LEAST, MOST, PlanRate
from foundation.forms import DayMonthYearField, PortalForm
from registration.kinds import LICENCE
from registration.models import DocumentKind, DocumentRule, Region, Sector

_REQUIRED = {"required": _("Pilih satu"), "invalid_choice": _("Pilih satu")}
_MONEY = _("Taip amaun dalam bentuk 13.10")


def _ringgit(label: Any, least: Decimal, most: Decimal) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        max_digits=8,
        decimal_places=2,
        min_value=least,
        max_value=most,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            **dict.fromkeys(["invalid", "max_digits", "max_whole_digits"], _MONEY),
            "max_decimal_places": _MONEY,
            "min_value": _("Paling sedikit RM%(limit_value)s"),
            "max_value": _("Paling banyak RM%(limit_value)s"),
        },
    )


class ProposalForm(PortalForm):
    """From which day on what follows, or that nothing does, and why."""

    ABOUT: ClassVar[tuple[str, ...]]
    FOLLOWS: ClassVar[tuple[str, ...]]
    NEEDED: ClassVar[tuple[str, ...]]

    effective_from = DayMonthYearField(
        label=_("Hari pertama"),
        help_text=_("Paling awal esok. Yang berkuat kuasa sekarang tamat sehari sebelumnya"),
    )
    ends = forms.BooleanField(label=_("Tiada yang menyusul"), required=False)
    reason = forms.CharField(
        label=_("Sebab, untuk pegawai kedua"),
        help_text=_("Contohnya nombor warta"),
        max_length=500,
        error_messages={"required": _("Nyatakan sebab")},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.order_fields([*self.ABOUT, "effective_from", "ends", *self.FOLLOWS, "reason"])

    def clean_effective_from(self) -> date:
        """What is in force today is never changed."""
        chosen: date = self.cleaned_data["effective_from"]
        if chosen <= self.today:
            raise forms.ValidationError(_("Hari pertama mesti selepas hari ini"), code="too_soon")
        return chosen

    def clean(self) -> None:
        """What follows is stated, unless nothing does."""
        if self.cleaned_data.get("ends"):
            return
        for name in self.NEEDED:
            if name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, forms.ValidationError(_("Nyatakan yang menyusul"), "required"))

    @property
    def about(self) -> dict[str, Any]:
        """Which fact, as it is kept."""
        return {name: self.cleaned_data[name] for name in self.ABOUT}

    @property
    def follows(self) -> dict[str, str] | None:
        """What it says from then on, as it is kept; None for no more."""
        if self.cleaned_data["ends"]:
            return None
        said = {name: self.cleaned_data[name] for name in self.FOLLOWS}
        return {name: str(value) for name, value in said.items() if value is not None}


class RateProposalForm(ProposalForm):
    """What a plan costs and insures."""

    ABOUT = ("plan_number", "months")
    FOLLOWS = NEEDED = ("amount", "insured_monthly_earnings")

    plan_number = forms.TypedChoiceField(label=_("Pelan"), coerce=int, error_messages=_REQUIRED)
    months = forms.TypedChoiceField(
        label=_("Tempoh"), coerce=int, choices=PlanRate.Months.choices, error_messages=_REQUIRED
    )
    amount = _ringgit(_("Amaun (RM)"), LEAST, MOST)
    insured_monthly_earnings = _ringgit(
        _("Pendapatan bulanan diinsuranskan (RM)"), Decimal("100.00"), Decimal("99999.00")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = PlanRate.objects.order_by("plan_number").values_list("plan_number", flat=True)
        self.fields["plan_number"].choices = [(n, n) for n in numbers.distinct()]  # type: ignore[attr-defined]


class RuleProposalForm(ProposalForm):
    """What a kind of document does in a sector and region."""

    ABOUT = ("sector", "region", "kind")
    FOLLOWS = ("outcome", "valid_to", "minimum_age")
    NEEDED = ("outcome",)

    sector = forms.ChoiceField(
        label=_("Jenis perkhidmatan"), choices=Sector.choices, error_messages=_REQUIRED
    )
    region = forms.ChoiceField(label=_("Kawasan"), choices=Region.choices, error_messages=_REQUIRED)
    kind = forms.ChoiceField(
        label=_("Dokumen"),
        choices=[one for one in DocumentKind.choices if one[0] != LICENCE],
        error_messages=_REQUIRED,
    )
    outcome = forms.ChoiceField(
        label=_("Kesan"),
        required=False,
        choices=DocumentRule.Outcome.choices,
        error_messages=_REQUIRED,
    )
    valid_to = DayMonthYearField(label=_("Hari terakhir (jika ada)"), required=False)
    minimum_age = forms.IntegerField(
        label=_("Umur minimum (jika ada)"),
        required=False,
        min_value=16,
        max_value=99,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            **dict.fromkeys(["invalid", "min_value", "max_value"], _("Taip umur antara 16 dan 99")),
        },
    )

    def clean(self) -> None:
        """The days in order; only then can PostgreSQL compare them with those of other rules."""
        super().clean()
        first, last = self.cleaned_data.get("effective_from"), self.cleaned_data.get("valid_to")
        if first and last and last < first:
            words = _("Hari terakhir tidak boleh sebelum hari pertama.")
            self.add_error("valid_to", forms.ValidationError(words, "order"))
