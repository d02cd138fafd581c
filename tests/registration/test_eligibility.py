"""The criteria of Act 789 and the guide's table, by worked examples."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import translation

from foundation.wording import MALAYSIA, local
from registration.eligibility import (
    SENTENCES,
    Document,
    Facts,
    Outcome,
    Reason,
    Rule,
    age_on,
    allowance,
    birthday,
    evaluate,
)
from registration.models import DocumentKind
from registration.services.rules import guide_rules

RULES = tuple(rule.as_rule() for rule in guide_rules())
TODAY = date(2026, 11, 22)
FAR = date(2030, 12, 31)
YESTERDAY = timedelta(days=-1)


def applicant(sector="taxi", region="peninsular", kinds=("psv",), **facts):
    """Aminah, 35, with a valid licence and valid documents of the given kinds."""
    documents = tuple(Document(kind, FAR) for kind in ("lesen", *kinds))
    defaults = {"citizenship": "citizen", "birth_date": date(1990, 1, 1), "documents": documents}
    return Facts(sector=sector, region=region, **(defaults | facts))


def expiring(**days):
    """Documents with their own expiry dates, `surat_kebenaran` for "surat-kebenaran"."""
    return tuple(Document(kind.replace("_", "-"), day) for kind, day in days.items())


def decided(facts, on, rules=RULES):
    """Outcome and codes."""
    verdict = evaluate(facts, rules, on)
    return str(verdict.outcome), verdict.codes


ELIGIBLE = ("eligible", [])
REFER = ("refer", [])


def refused(*codes):
    return ("not_eligible", list(codes))


ON = date(2019, 6, 1)
EXAMPLES = {
    "E1": (applicant(), ON, ELIGIBLE),
    "E2": (applicant(kinds=["kad-pemandu"]), ON, ELIGIBLE),
    "E3": (
        applicant(documents=expiring(lesen=ON + YESTERDAY, psv=FAR)),
        ON,
        refused("LICENCE_EXPIRED"),
    ),
    "E4": (applicant(documents=expiring(lesen=ON, psv=ON)), ON, ELIGIBLE),
    "E5": (
        applicant(documents=expiring(lesen=FAR, psv=ON + YESTERDAY, kad_pemandu=FAR)),
        ON,
        ELIGIBLE,
    ),
    "E6": (applicant(region="sabah", kinds=["surat-kebenaran"]), ON, ELIGIBLE),
    "E7": (applicant(region="sabah"), ON, REFER),
    "E8": (applicant(kinds=["surat-kebenaran"]), ON, refused("LETTER_NOT_FOR_REGION")),
    "E9": (applicant("e_hailing", kinds=["profil-pemandu"]), date(2019, 7, 11), ELIGIBLE),
    "E10": (
        applicant("e_hailing", kinds=["profil-pemandu"]),
        date(2019, 7, 12),
        refused("PROFILE_NO_LONGER_ACCEPTED"),
    ),
    "E11": (
        applicant("e_hailing", kinds=["profil-pemandu"]),
        TODAY,
        refused("PROFILE_NO_LONGER_ACCEPTED"),
    ),
    "E13": (applicant("e_hailing", "sarawak"), ON, REFER),
    "E14": (
        applicant(kinds=["profil-pemandu"]),
        date(2019, 5, 1),
        refused("PROFILE_NOT_FOR_TAXI"),
    ),
    "E15": (applicant("bus"), ON, ELIGIBLE),
    "E16": (applicant("bus", kinds=["kad-pemandu"]), ON, refused("BUS_NEEDS_PSV")),
    "E17": (applicant("bus", "sabah", ["surat-kebenaran"]), ON, refused("BUS_NEEDS_PSV")),
    "E18": (
        applicant("bus", documents=expiring(lesen=FAR, psv=ON + YESTERDAY)),
        ON,
        refused("PSV_EXPIRED"),
    ),
    "E20": (applicant(citizenship="permanent_resident"), ON, ELIGIBLE),
    "E21": (applicant(citizenship="other"), ON, refused("NOT_CITIZEN")),
    "E22": (applicant(birth_date=date(1958, 11, 22)), TODAY, ELIGIBLE),
    "E23": (
        applicant(birth_date=date(1998, 7, 12)),
        date(2019, 7, 11),
        refused("BELOW_MINIMUM_AGE"),
    ),
    "E24": (applicant(birth_date=date(1998, 7, 11)), date(2019, 7, 11), ELIGIBLE),
    # Other employment is no fact of the rules: driving part-time counts.
    "E25": (applicant(), TODAY, ELIGIBLE),
    "E27": (
        applicant(documents=expiring(lesen=FAR, psv=TODAY + YESTERDAY)),
        TODAY,
        refused("PSV_EXPIRED"),
    ),
    "E29 with the card": (applicant(region="labuan"), ON, ELIGIBLE),
    "E29 with the letter": (applicant(region="labuan", kinds=["surat-kebenaran"]), ON, ELIGIBLE),
    "E31": (
        applicant("e_hailing", "sabah", ["profil-pemandu"]),
        date(2019, 7, 1),
        ELIGIBLE,
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_worked_examples(name):
    facts, on, expected = EXAMPLES[name]
    assert decided(facts, on) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2019, 7, 11, 23, 59, 59, tzinfo=MALAYSIA), ELIGIBLE),
        (datetime(2019, 7, 12, 0, 0, 0, tzinfo=MALAYSIA), refused("PROFILE_NO_LONGER_ACCEPTED")),
    ],
    ids=["E9", "E10"],
)
def test_the_cut_off_falls_at_midnight_in_kuala_lumpur(moment, expected):
    facts = applicant("e_hailing", kinds=["profil-pemandu"])
    assert decided(facts, local(moment).date()) == expected


def test_E10_names_the_cards_that_would_do():
    facts = applicant("e_hailing", kinds=["profil-pemandu"])
    (reason,) = evaluate(facts, RULES, date(2019, 7, 12)).reasons
    assert reason.kinds == ("psv", "kad-pemandu")


def test_E12_staff_may_reopen_the_profile():
    rules = [
        Rule(rule.sector, rule.region, rule.kind, rule.valid_from, None, rule.refers)
        for rule in RULES
    ]
    facts = applicant("e_hailing", kinds=["profil-pemandu"])
    assert decided(facts, TODAY, rules) == ELIGIBLE


def test_E20_an_officer_is_told_that_JPJ_may_refuse_the_card():
    verdict = evaluate(applicant(citizenship="permanent_resident"), RULES, ON)
    assert verdict.notes == ("PERMANENT_RESIDENT_WITH_PSV",)


def test_E23_says_from_when_he_may_register():
    facts = applicant(birth_date=date(1998, 7, 12))
    verdict = evaluate(facts, RULES, date(2019, 7, 11))
    assert verdict.reasons[0].from_date == date(2019, 7, 12)
    assert verdict.is_final


def test_whoever_is_too_young_for_the_card_may_still_send_the_letter():
    facts = applicant(region="sabah", birth_date=date(2006, 1, 1))
    verdict = evaluate(facts, RULES, TODAY)
    assert verdict.codes == ["BELOW_MINIMUM_AGE"]
    assert verdict.reasons[0].kinds == ("surat-kebenaran",)
    assert not verdict.is_final


def test_the_minimum_age_is_the_rules_and_not_the_schemes():
    rules = [Rule("taxi", "peninsular", "psv", date(2017, 6, 1), minimum_age=18)]
    facts = applicant(birth_date=date(2008, 11, 22))
    assert decided(facts, TODAY, rules) == ELIGIBLE
    assert decided(facts, TODAY + YESTERDAY, rules) == refused("BELOW_MINIMUM_AGE")


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("psv", "PSV_EXPIRED"),
        ("kad-pemandu", "DRIVER_CARD_EXPIRED"),
        ("surat-kebenaran", "LETTER_EXPIRED"),
    ],
)
def test_each_second_document_says_that_it_has_expired(kind, code):
    documents = (Document("lesen", FAR), Document(kind, TODAY + YESTERDAY))
    facts = applicant(region="labuan", documents=documents)
    assert decided(facts, TODAY) == refused(code)


def test_an_expired_profile_says_so_while_profiles_count():
    facts = applicant("e_hailing", documents=expiring(lesen=FAR, profil_pemandu=ON + YESTERDAY))
    assert decided(facts, ON) == refused("PROFILE_EXPIRED")


def test_a_kind_that_no_rule_knows_is_not_accepted():
    assert decided(applicant(), TODAY, [RULES[0]]) == refused("DOCUMENT_NOT_ACCEPTED")


def test_every_missing_thing_is_named_at_once():
    facts = applicant(documents=(), citizenship="other", has_particulars=False)
    assert decided(facts, TODAY) == refused(
        "NOT_CITIZEN", "PARTICULARS_MISSING", "LICENCE_MISSING", "SECOND_DOCUMENT_MISSING"
    )


def test_every_reason_has_a_sentence_and_a_way_out():
    facts = applicant(documents=(), citizenship="other", has_particulars=False)
    for reason in evaluate(facts, RULES, TODAY).reasons:
        assert reason.sentence
        assert reason.way_out


@pytest.mark.parametrize(
    ("region", "kinds", "expected"),
    [
        ("sabah", ["psv"], Outcome.ELIGIBLE),
        ("sabah", ["psv", "kad-pemandu"], Outcome.ELIGIBLE),
        ("sabah", ["kad-pemandu"], Outcome.REFER),
        ("sarawak", ["psv"], Outcome.REFER),
    ],
)
def test_what_an_officer_allowed_holds_until_region_or_kind_changes(region, kinds, expected):
    allowed_for = allowance(applicant(region="sabah"), RULES, TODAY)
    facts = applicant(region=region, kinds=kinds, allowed_for=allowed_for)
    assert evaluate(facts, RULES, TODAY).outcome == expected


def test_what_an_officer_allowed_does_not_outlive_the_card():
    documents = expiring(lesen=FAR, psv=TODAY + YESTERDAY)
    facts = applicant(region="sabah", documents=documents, allowed_for="sabah:psv")
    assert decided(facts, TODAY) == refused("PSV_EXPIRED")


@pytest.mark.parametrize(
    ("birth_date", "day", "age"),
    [
        (date(2000, 2, 29), date(2021, 2, 28), 20),
        (date(2000, 2, 29), date(2021, 3, 1), 21),
        (date(2000, 2, 29), date(2024, 2, 29), 24),
        (date(2005, 11, 22), date(2026, 11, 22), 21),
        (date(2005, 11, 23), date(2026, 11, 22), 20),
    ],
)
def test_age_counts_whole_years(birth_date, day, age):
    assert age_on(birth_date, day) == age


def test_a_leap_years_child_comes_of_age_on_the_first_of_march():
    assert birthday(date(2000, 2, 29), 21) == date(2021, 3, 1)
    assert birthday(date(2000, 2, 29), 24) == date(2024, 2, 29)


@pytest.mark.parametrize("day", [date(2017, 5, 31), date(2019, 7, 12)])
def test_a_rule_counts_from_its_first_day_to_its_last(day):
    rule = Rule("e_hailing", "sabah", "profil-pemandu", date(2017, 6, 1), date(2019, 7, 11))
    assert not rule.is_in_force_on(day)
    assert rule.is_in_force_on(date(2017, 6, 1))
    assert rule.is_in_force_on(date(2019, 7, 11))


def test_the_rules_and_the_rows_name_the_same_kinds():
    assert {rule.kind for rule in RULES} | {"lesen"} == set(DocumentKind.values)


@pytest.mark.parametrize("code", SENTENCES)
def test_each_code_speaks_both_languages(code):
    reason = Reason(code)
    with translation.override("ms"):
        malay = (reason.sentence, reason.way_out)
    with translation.override("en"):
        english = (reason.sentence, reason.way_out)
    assert all(len(words) > 10 for words in (*malay, *english))
    assert not set(malay) & set(english)
