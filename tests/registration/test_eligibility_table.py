"""Every combination of sector, region, documents, their validity and the day, held against the law.

`expected` is the guide's page written out a second time, by hand and without rules or rows.
"""

from datetime import date, timedelta
from itertools import product

import pytest

from registration.eligibility import Document, Facts, evaluate
from registration.models import DocumentKind, Region, Sector
from registration.services.rules import guide_rules

RULES = tuple(rule.as_rule() for rule in guide_rules())
CUT_OFF = date(2019, 7, 11)
DAYS = [CUT_OFF - timedelta(days=1), CUT_OFF, CUT_OFF + timedelta(days=1), date(2026, 11, 22)]
KINDS = list(DocumentKind)
NONE, EXPIRED, LAST_DAY, VALID = range(4)
EXPIRES_IN = {EXPIRED: -1, LAST_DAY: 0, VALID: 400}  # days after the day that is asked about


def facts(sector, region, states, day):
    """Aminah, 35, with documents in these states."""
    held = zip(KINDS, states, strict=True)
    documents = tuple(
        Document(kind, day + timedelta(days=EXPIRES_IN[state])) for kind, state in held if state
    )
    return Facts(sector, region, "citizen", date(1984, 1, 1), documents)


def expected(sector, region, states, day):
    """What the guide says: eligible, refer or not_eligible."""
    counts = {kind for kind, state in zip(KINDS, states, strict=True) if state in {LAST_DAY, VALID}}
    if "lesen" not in counts:
        return "not_eligible"
    if sector == Sector.BUS:
        return "eligible" if "psv" in counts else "not_eligible"
    has_card = bool(counts & {"psv", "kad-pemandu"})
    is_borneo = region in {Region.SABAH, Region.SARAWAK}
    if has_card and not is_borneo:
        return "eligible"
    if "surat-kebenaran" in counts and region != Region.PENINSULAR:
        return "eligible"
    if "profil-pemandu" in counts and sector == Sector.E_HAILING and day <= CUT_OFF:
        return "eligible"
    return "refer" if has_card else "not_eligible"


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("region", Region.values)
@pytest.mark.parametrize("sector", Sector.values)
def test_every_set_of_documents_in_every_state(sector, region, day):
    wrong = []
    for states in product((NONE, EXPIRED, VALID), repeat=len(KINDS)):
        verdict = evaluate(facts(sector, region, states, day), RULES, day)
        if str(verdict.outcome) != expected(sector, region, states, day):
            wrong.append((states, verdict))
        is_refused = str(verdict.outcome) == "not_eligible"
        assert is_refused == bool(verdict.reasons)
        assert all(reason.sentence and reason.way_out for reason in verdict.reasons)
    assert wrong == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("region", Region.values)
@pytest.mark.parametrize("sector", Sector.values)
def test_the_last_day_counts_like_any_other(sector, region, kind):
    last = [LAST_DAY if one == kind else VALID for one in KINDS]
    valid = [VALID] * len(KINDS)
    verdicts = [
        evaluate(facts(sector, region, states, CUT_OFF), RULES, CUT_OFF) for states in (last, valid)
    ]
    assert verdicts[0] == verdicts[1]


@pytest.mark.parametrize("sector", Sector.values)
def test_a_document_that_is_being_read_decides_nothing_yet(sector):
    known = facts(sector, Region.PENINSULAR, [VALID, VALID, NONE, NONE, NONE], CUT_OFF)
    for kind, codes in [
        ("lesen", ["DOCUMENT_BEING_READ"]),
        ("psv", ["DOCUMENT_BEING_READ"]),
        ("surat-kebenaran", []),  # nobody asked for it here
    ]:
        waiting = Facts(**{**vars(known), "awaited": (kind,)})
        verdict = evaluate(waiting, RULES, CUT_OFF)
        assert verdict.codes == codes
        assert not verdict.is_final
