"""What a proposal of each kind is of: its form, what holds before it, whom it touches, the act."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from contributions.models import PlanRate
from contributions.services import plans
from foundation.proposals import Proposal, Values
from registration.models import DocumentRule
from registration.services import rules
from staff.forms.proposals import ProposalForm, RateProposalForm, RuleProposalForm


@dataclass(frozen=True)
class Fact:
    """A table of dated facts, as proposals speak of it."""

    title: Any
    index: str
    form: type[ProposalForm]
    holding: Callable[[Values, date], Any]
    enact: Callable[[Proposal, datetime], object]
    effect: Callable[[Values], list[str]]

    def before(self, proposal: Proposal) -> dict[str, str] | None:
        """What holds until the day before, written as what follows is; None for nothing."""
        row = self.holding(proposal.about, proposal.effective_from - timedelta(days=1))
        said = {name: getattr(row, name) for name in self.form.FOLLOWS} if row else None
        return said and {name: str(value) for name, value in said.items() if value is not None}


def _rate_on(about: Values, day: date) -> PlanRate | None:
    return PlanRate.objects.on_offer(day).filter(**about).first()


def _follow_rate(proposal: Proposal, at: datetime) -> object:
    said = proposal.follows
    price = said and plans.Price(Decimal(said["amount"]), Decimal(said["insured_monthly_earnings"]))
    return plans.follow_rate(
        **proposal.about, effective_from=proposal.effective_from, price=price, at=at
    )


def _rate_effect(about: Values) -> list[str]:
    held = plans.held(**about)
    ticked = ngettext(
        "%(count)d draf memegang kadar lama: pemandu mesti memilih semula.",
        "%(count)d draf memegang kadar lama: pemandu mesti memilih semula.",
        held.ticked,
    )
    owed = ngettext(
        "%(count)d caruman belum dibayar menyatakan kadar lama: pemandu mesti memilih semula.",
        "%(count)d caruman belum dibayar menyatakan kadar lama: pemandu mesti memilih semula.",
        held.owed,
    )
    return [ticked % {"count": held.ticked}, owed % {"count": held.owed}]


def _rule_on(about: Values, day: date) -> DocumentRule | None:
    return DocumentRule.objects.in_force(day).filter(**about).first()


def _follow_rule(proposal: Proposal, at: datetime) -> object:
    said = proposal.follows
    says = said and rules.Says(
        outcome=said["outcome"],
        valid_to=date.fromisoformat(said["valid_to"]) if "valid_to" in said else None,
        minimum_age=int(said["minimum_age"]) if "minimum_age" in said else None,
    )
    return rules.follow_rule(
        **proposal.about, effective_from=proposal.effective_from, says=says, at=at
    )


def _rule_effect(about: Values) -> list[str]:
    number = rules.undecided(**about)
    words = ngettext(
        "%(count)d pendaftaran yang belum diputuskan mempunyai dokumen ini.",
        "%(count)d pendaftaran yang belum diputuskan mempunyai dokumen ini.",
        number,
    )
    return [words % {"count": number}]


FACTS = {
    Proposal.Kind.PLAN_RATE: Fact(
        title=_("Cadangkan kadar pelan"),
        index="admin:contributions_planrate_changelist",
        form=RateProposalForm,
        holding=_rate_on,
        enact=_follow_rate,
        effect=_rate_effect,
    ),
    Proposal.Kind.DOCUMENT_RULE: Fact(
        title=_("Cadangkan peraturan dokumen"),
        index="admin:registration_documentrule_changelist",
        form=RuleProposalForm,
        holding=_rule_on,
        enact=_follow_rule,
        effect=_rule_effect,
    ),
}
