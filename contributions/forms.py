"""What a driver ticks: the plan, and that what was said is true."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contributions.models import PlanRate
from foundation.forms import CardLabel, PortalForm
from foundation.wording import ringgit


class PlanSelect(forms.RadioSelect):
    """Radios under the heading of their plan."""

    template_name = "contributions/plan_select.html"


class ChoosePlanForm(PortalForm):
    """One of the rates on offer, named by plan and months; the answer is the PlanRate."""

    rate = forms.TypedChoiceField(
        label=_("Pelan caruman"),
        widget=PlanSelect,
        error_messages={
            "required": _("Pilih pelan caruman"),
            "invalid_choice": _("Pilih pelan caruman"),
        },
    )

    def __init__(
        self, *args: Any, rates: Iterable[PlanRate], ticked: PlanRate | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, initial={"rate": ticked and _name(ticked)}, **kwargs)
        by_name = {_name(rate): rate for rate in rates}
        by_plan: dict[CardLabel, list[tuple[str, CardLabel]]] = {}
        for name, rate in by_name.items():
            by_plan.setdefault(_heading(rate), []).append((name, _card(rate)))
        field = self.fields["rate"]
        field.choices = list(by_plan.items())  # type: ignore[attr-defined]
        field.coerce = by_name.__getitem__  # type: ignore[attr-defined]


def _name(rate: PlanRate) -> str:
    return f"{rate.plan_number}-{rate.months}"


def _heading(rate: PlanRate) -> CardLabel:
    earnings = ringgit(rate.insured_monthly_earnings)
    return CardLabel(
        gettext("Pelan %(number)d") % {"number": rate.plan_number},
        gettext("Pendapatan bulanan diinsuranskan %(earnings)s") % {"earnings": earnings},
    )


def _card(rate: PlanRate) -> CardLabel:
    """Such as "RM13.10 sebulan", with what it buys."""
    per = {1: gettext("%(amount)s sebulan"), 12: gettext("%(amount)s setahun")}
    words = per.get(rate.months, "%(amount)s") % {"amount": ringgit(rate.amount)}
    return CardLabel(words, gettext("Perlindungan %(months)d bulan") % {"months": rate.months})


class DeclarationForm(PortalForm):
    """The declaration above "Hantar & bayar"."""

    is_true = forms.BooleanField(
        label=_("Saya mengaku maklumat ini benar"),
        error_messages={"required": _("Tandakan kotak untuk mengaku bahawa maklumat ini benar")},
    )
