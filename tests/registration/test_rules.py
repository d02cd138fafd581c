"""The document rules as rows."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from registration.models import DocumentRule
from registration.services import rules as registration_rules

pytestmark = pytest.mark.django_db


def test_the_guides_rules_are_there():
    # 4 regions: bus 1, taxi and e-hailing 2 or 3, the profile 1.
    assert DocumentRule.objects.count() == 4 + 2 * (2 + 3 + 3 + 3) + 4


def test_loading_twice_changes_nothing():
    before = list(DocumentRule.objects.values())
    assert registration_rules.load_document_rules() == 0
    assert list(DocumentRule.objects.values()) == before


def test_the_command_says_how_many():
    DocumentRule.objects.filter(sector="bus").delete()
    out = StringIO()
    call_command("load_document_rules", stdout=out)
    assert out.getvalue() == "4 document rules loaded\n"


def test_profiles_count_up_to_the_guides_day():
    rules = DocumentRule.objects.filter(kind="profil-pemandu")
    assert {rule.valid_to for rule in rules} == {date(2019, 7, 11)}
    assert {rule.sector for rule in rules} == {"e_hailing"}


PROFILE = {"sector": "e_hailing", "region": "peninsular", "kind": "profil-pemandu"}
SAYS = registration_rules.Says("accept", None, None)
FIRST = date(2027, 1, 1)


def test_a_rule_follows_and_what_was_in_force_ends_the_day_before(at):
    bus = {"sector": "bus", "region": "sabah", "kind": "psv"}
    old = DocumentRule.objects.get(**bus)
    says = registration_rules.Says("refer", date(2027, 12, 31), 21)
    new = registration_rules.follow_rule(**bus, effective_from=FIRST, says=says, at=at)
    old.refresh_from_db()
    assert old.valid_to == date(2026, 12, 31)
    assert (new.outcome, new.valid_from, new.valid_to) == ("refer", FIRST, date(2027, 12, 31))
    assert new.minimum_age == 21


def test_a_rule_ends_and_none_follows(at):
    bus = {"sector": "bus", "region": "sabah", "kind": "psv"}
    assert registration_rules.follow_rule(**bus, effective_from=FIRST, says=None, at=at) is None
    assert DocumentRule.objects.get(**bus).valid_to == date(2026, 12, 31)


def test_what_was_ended_long_ago_stays_when_another_follows(at):
    registration_rules.follow_rule(**PROFILE, effective_from=FIRST, says=SAYS, at=at)
    ends = DocumentRule.objects.filter(**PROFILE).order_by("valid_from")
    assert [rule.valid_to for rule in ends] == [date(2019, 7, 11), None]


@pytest.mark.parametrize("day", [date(2026, 11, 21), date(2026, 11, 22)])
def test_what_is_in_force_today_is_not_changed(at, day):
    with pytest.raises(registration_rules.FollowsTooSoon):
        registration_rules.follow_rule(**PROFILE, effective_from=day, says=SAYS, at=at)


@pytest.mark.parametrize(
    "changes", [{"outcome": "refer"}, {"valid_from": FIRST}, {"minimum_age": 3}, {"valid_to": None}]
)
def test_the_database_edits_no_rule_and_puts_off_no_end(changes):
    rules = DocumentRule.objects.filter(**PROFILE)
    with pytest.raises(IntegrityError, match="let another follow"), transaction.atomic():
        rules.update(**changes)


def test_a_rule_is_named_in_the_staffs_words():
    rule = DocumentRule.objects.get(sector="bus", region="peninsular")
    assert str(rule) == "Bas · Semenanjung Malaysia · Kad PSV"
