"""Where an applicant stands, and what he is asked for next."""

from datetime import date

import pytest

from registration.documents import Step, assess
from registration.eligibility import Document, Facts, Outcome
from registration.services.rules import guide_rules

RULES = tuple(rule.as_rule() for rule in guide_rules())
TODAY = date(2026, 11, 22)
FAR = date(2030, 12, 31)
OVER = date(2026, 11, 21)


def boon(sector="taxi", region="peninsular", documents=(), **facts):
    """How Boon stands with documents of (kind, expiry)."""
    defaults = {"citizenship": "citizen", "birth_date": date(1990, 1, 1)}
    sent = tuple(Document(kind, expiry) for kind, expiry in documents)
    return assess(
        Facts(sector=sector, region=region, documents=sent, **(defaults | facts)), RULES, TODAY
    )


@pytest.mark.parametrize(
    ("sector", "region", "kinds", "referring"),
    [
        ("taxi", "peninsular", ("psv", "kad-pemandu"), ()),
        ("e_hailing", "peninsular", ("psv", "kad-pemandu"), ()),
        ("taxi", "sabah", ("surat-kebenaran", "psv", "kad-pemandu"), ("psv", "kad-pemandu")),
        ("e_hailing", "sarawak", ("surat-kebenaran", "psv", "kad-pemandu"), ("psv", "kad-pemandu")),
        ("taxi", "labuan", ("surat-kebenaran", "psv", "kad-pemandu"), ()),
        ("bus", "peninsular", ("psv",), ()),
        ("bus", "sabah", ("psv",), ()),
        ("bus", "labuan", ("psv",), ()),
    ],
)
def test_the_guides_table_says_which_second_document_is_offered(sector, region, kinds, referring):
    licence, second = boon(sector, region).needs
    assert licence.kinds == ("lesen",)
    assert second.kinds == kinds
    assert tuple(a.kind for a in second.alternatives if a.refers) == referring


def test_profil_pemandu_is_offered_while_its_rule_is_in_force():
    facts = Facts("e_hailing", "sabah", "citizen", date(1990, 1, 1), ())
    _licence, second = assess(facts, RULES, date(2019, 7, 11)).needs
    assert "profil-pemandu" in second.kinds


def test_a_card_is_not_offered_to_whoever_is_too_young_for_it():
    _licence, second = boon("taxi", "sabah", birth_date=date(2006, 1, 1)).needs
    assert second.kinds == ("surat-kebenaran",)


@pytest.mark.parametrize(
    ("documents", "step", "missing"),
    [
        ([], Step.DOCUMENT, ("lesen",)),
        ([("lesen", FAR)], Step.DOCUMENT, ("psv", "kad-pemandu")),
        ([("psv", FAR)], Step.DOCUMENT, ("lesen",)),
        ([("lesen", FAR), ("psv", FAR)], Step.PLAN, None),
        ([("lesen", OVER), ("psv", FAR)], Step.DOCUMENT, ("lesen",)),
        ([("lesen", TODAY), ("psv", TODAY)], Step.PLAN, None),
        ([("lesen", FAR), ("psv", OVER), ("kad-pemandu", FAR)], Step.PLAN, None),
    ],
)
def test_the_next_step_is_the_first_thing_missing(documents, step, missing):
    stands = boon(documents=documents)
    assert stands.next_step == step
    assert (stands.missing and stands.missing.kinds) == missing


def test_particulars_come_first():
    assert boon(has_particulars=False).next_step == Step.PARTICULARS


@pytest.mark.parametrize("facts", [{"citizenship": "other"}, {"birth_date": date(2010, 1, 1)}])
def test_nothing_more_is_asked_of_whoever_cannot_be_insured(facts):
    assert boon(**facts).next_step == Step.STOP


def test_nothing_is_asked_for_where_no_rule_is():
    facts = Facts("taxi", "sabah", "citizen", date(1990, 1, 1), (Document("lesen", FAR),))
    assert assess(facts, (), TODAY).next_step == Step.STOP


def test_an_officer_is_asked_when_the_rules_cannot_decide():
    stands = boon(region="sabah", documents=[("lesen", FAR), ("psv", FAR)])
    assert stands.verdict.outcome == Outcome.REFER
    assert stands.next_step == Step.ASK_OFFICER


def test_an_expired_document_is_told_from_a_missing_one():
    licence, second = boon(documents=[("lesen", OVER)]).needs
    assert licence.has_expired
    assert not second.has_expired
