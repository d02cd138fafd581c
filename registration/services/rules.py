"""The dated document rules: the guide's table as rows, and an officer's changes to them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from foundation import audit
from registration.models import DocumentKind, DocumentRule, Region, Sector

if TYPE_CHECKING:
    from accounts.models import User

PSV_MINIMUM_AGE = 21  # of the PSV licence and the driver card; Act 789 has no age limit
PROFILE_VALID_TO = date(2019, 7, 11)  # the guide: "sah sehingga 11 Julai 2019 sahaja"
CARDS = (DocumentKind.PSV_CARD, DocumentKind.DRIVER_CARD)
CHANGEABLE = ("outcome", "valid_from", "valid_to", "minimum_age")
ACCEPT, REFER = DocumentRule.Outcome.ACCEPT, DocumentRule.Outcome.REFER


def load_document_rules() -> int:
    """Writes the guide's rules where there are none; what staff edited stays. Returns how many."""
    there = set(DocumentRule.objects.values_list("sector", "region", "kind"))
    missing = [rule for rule in guide_rules() if (rule.sector, rule.region, rule.kind) not in there]
    return len(DocumentRule.objects.bulk_create(missing))


def guide_rules() -> Iterable[DocumentRule]:
    """The guide's table of documents, one rule a row."""
    for region in Region:
        yield _rule(Sector.BUS, region, DocumentKind.PSV_CARD)
        for sector in (Sector.TAXI, Sector.E_HAILING):
            yield from _rules_of_cards_and_letters(sector, region)
        yield _rule(
            Sector.E_HAILING, region, DocumentKind.DRIVER_PROFILE, valid_to=PROFILE_VALID_TO
        )


def _rules_of_cards_and_letters(sector: Sector, region: Region) -> Iterable[DocumentRule]:
    """Cards on the peninsula, the letter in Sabah and Sarawak, either in Labuan.

    A card without a letter in Sabah and Sarawak is not refused: an officer looks first.
    """
    if region != Region.PENINSULAR:
        yield _rule(sector, region, DocumentKind.AUTHORISATION_LETTER)
    outcome = REFER if region in {Region.SABAH, Region.SARAWAK} else ACCEPT
    for kind in CARDS:
        yield _rule(sector, region, kind, outcome=outcome)


def _rule(sector: Sector, region: Region, kind: DocumentKind, **more: Any) -> DocumentRule:
    minimum_age = PSV_MINIMUM_AGE if kind in CARDS else None
    return DocumentRule(sector=sector, region=region, kind=kind, minimum_age=minimum_age, **more)


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
