"""The dated document rules: the guide's table as rows, and the rules that follow them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from foundation.refusals import Refusal
from foundation.wording import local
from registration.kinds import KINDS, Counts, Kind
from registration.models import DocumentRule, Registration, SupportingDocument

_UNDECIDED = [
    Registration.Status.DRAFT,
    Registration.Status.REFERRED,
    Registration.Status.SUBMITTED,
    Registration.Status.RETURNED,
]


def load_document_rules() -> int:
    """Writes the guide's rules where there are none; what staff edited stays. Returns how many."""
    there = set(DocumentRule.objects.values_list("sector", "region", "kind"))
    missing = [rule for rule in guide_rules() if (rule.sector, rule.region, rule.kind) not in there]
    return len(DocumentRule.objects.bulk_create(missing))


def guide_rules() -> Iterable[DocumentRule]:
    """The guide's table of documents, one rule a row."""
    for kind in KINDS.values():
        for counts in kind.counts:
            for sector, region in product(counts.sectors, counts.regions):
                yield _rule(kind, counts, sector, region)


def _rule(kind: Kind, counts: Counts, sector: str, region: str) -> DocumentRule:
    outcomes = DocumentRule.Outcome
    return DocumentRule(
        sector=sector,
        region=region,
        kind=kind.code,
        outcome=outcomes.REFER if counts.refers else outcomes.ACCEPT,
        valid_to=counts.valid_to,
        minimum_age=counts.minimum_age,
    )


class FollowsTooSoon(Refusal):
    """A rule may follow from tomorrow on: what is in force today stays as it is."""

    words = _("Hari pertama mesti selepas hari ini")


@dataclass(frozen=True)
class Says:
    """What a rule says: what such a document does, until when, from what age on."""

    outcome: str
    valid_to: date | None
    minimum_age: int | None


@transaction.atomic
def follow_rule(
    *, sector: str, region: str, kind: str, effective_from: date, says: Says | None, at: datetime
) -> DocumentRule | None:
    """From `effective_from` on such a document counts as `says`, or with None no more.

    The rule of the day before ends with it, and what was planned for later never comes. Raises
    FollowsTooSoon.
    """
    if effective_from <= local(at).date():
        raise FollowsTooSoon
    rules = DocumentRule.objects.select_for_update(no_key=True).filter(
        sector=sector, region=region, kind=kind
    )
    rules.filter(valid_from__gte=effective_from).delete()
    rules.in_force(effective_from).update(valid_to=effective_from - timedelta(days=1))
    if says is None:
        return None
    return DocumentRule.objects.create(
        sector=sector,
        region=region,
        kind=kind,
        valid_from=effective_from,
        outcome=says.outcome,
        valid_to=says.valid_to,
        minimum_age=says.minimum_age,
    )


def undecided(*, sector: str, region: str, kind: str) -> int:
    """How many drivers in the place, not decided yet, have sent such a document."""
    open_now = Registration.objects.filter(sector=sector, region=region, status__in=_UNDECIDED)
    sent = SupportingDocument.objects.filter(kind=kind, superseded_at=None)
    return open_now.filter(pk__in=sent.values("registration")).count()
