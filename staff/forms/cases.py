"""What a finance officer types on the page of a case: a reason, a refund, what the bank said."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.forms import PortalForm
from payments.models import PaymentCase, Refund
from staff.forms.decision import Decision

Status = Refund.Status
_REASON_LENGTH = 500
STEPS = [
    Decision(Status.SENT, _("Telah dihantar kepada bank"), ""),
    Decision(Status.DONE, _("Telah dipulangkan"), ""),
    Decision(Status.FAILED, _("Bank tidak dapat memulangkan"), ""),
    Decision(Status.REFUSED, _("Tarik balik"), ""),
]


def _reason(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=_REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Nyatakan sebab")},
    )


class CloseCaseForm(PortalForm):
    """Why nothing more is to be done."""

    prefix = "close"
    reason = _reason(_("Sebab kes ini selesai tanpa wang berpindah"))


class CloseCasesForm(PortalForm):
    """Which of a day's open cases end, and why nothing more is to be done about them."""

    prefix = "settle"
    cases = forms.MultipleChoiceField(
        label=_("Kes"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Pilih kes"), "invalid_choice": _("Pilih kes")},
    )
    reason = _reason(_("Sebab kes ini selesai tanpa wang berpindah"))

    def __init__(self, *args: Any, open_now: list[PaymentCase], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.open_now = open_now
        field = self.fields["cases"]
        field.choices = [(case.pk, f"{case.payment or ''} {case.detail}") for case in open_now]  # type: ignore[attr-defined]


class StopWaitingForm(PortalForm):
    """Why the bank's decision is waited for no more."""

    prefix = "stop"
    reason = _reason(_("Sebab keputusan bank tidak ditunggu lagi"))


class RefundForm(PortalForm):
    """How much goes back, and why; `most` is what may still be asked for."""

    prefix = "refund"
    amount = forms.DecimalField(
        label=_("Amaun (RM)"),
        max_digits=8,
        decimal_places=2,
        min_value=Decimal("0.01"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            "required": _("Taip amaun"),
            "invalid": _("Taip amaun dalam bentuk 13.10"),
            "min_value": _("Amaun mesti lebih daripada sifar"),
            "max_digits": _("Taip amaun dalam bentuk 13.10"),
            "max_whole_digits": _("Taip amaun dalam bentuk 13.10"),
            "max_decimal_places": _("Taip amaun dalam bentuk 13.10"),
        },
    )
    reason = _reason(_("Sebab bayaran balik"))

    def __init__(self, *args: Any, most: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, initial={"amount": most}, **kwargs)


@dataclass(frozen=True)
class RefundStep:
    """What became of a refund, and its reference at the bank or the reason."""

    to: Status
    note: str


class RefundStepForm(PortalForm):
    """What became of an approved refund: the step is the button that is pressed."""

    prefix = "step"
    step = forms.ChoiceField(
        error_messages={"required": _("Pilih langkah"), "invalid_choice": _("Pilih langkah")}
    )
    note = forms.CharField(
        label=_("Rujukan portal bank, atau sebab"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Taip rujukan portal bank, atau sebab")},
    )

    def __init__(self, *args: Any, refund: Refund, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_to = Refund.TRANSITIONS[Status(refund.status)]
        self.steps = [step for step in STEPS if step.to in open_to]
        choices = [(step.to, step.words) for step in self.steps]
        self.fields["step"].choices = choices  # type: ignore[attr-defined]

    def recorded(self) -> RefundStep:
        """The answers of a valid form."""
        return RefundStep(Status(self.cleaned_data["step"]), self.cleaned_data["note"])
