"""The dated document rules: the guide's table as rows, and an officer's changes to them."""

from collections.abc import Iterable
from datetime import datetime
from itertools import product
from typing import TYPE_CHECKING

from django.db import transaction

from foundation import audit
from registration.kinds import KINDS, Counts, Kind
from registration.models import DocumentRule

if TYPE_CHECKING:
    from accounts.models import User

CHANGEABLE = ("outcome", "valid_from", "valid_to", "minimum_age")


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


@transaction.atomic
def add_document_rule(*, rule: DocumentRule, by: "User", at: datetime) -> DocumentRule:
    """Keeps a rule that an officer wrote, with all that it says in the audit trail."""
    rule.save(force_insert=True)
    said = {name: str(getattr(rule, name)) for name in ("sector", "region", "kind", *CHANGEABLE)}
    audit.record("add_document_rule", subject=rule, by=by, at=at, **said)
    return rule


@transaction.atomic
def change_document_rule(*, rule: DocumentRule, by: "User", at: datetime) -> DocumentRule:
    """Keeps an officer's changes to a rule, with what it was and what it is in the audit trail."""
    before = DocumentRule.objects.select_for_update().get(pk=rule.pk)
    changes = {
        name: [str(getattr(before, name)), str(getattr(rule, name))]
        for name in CHANGEABLE
        if getattr(before, name) != getattr(rule, name)
    }
    rule.save(update_fields=CHANGEABLE)
    audit.record("change_document_rule", subject=rule, by=by, at=at, **changes)
    return rule
