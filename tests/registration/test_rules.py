"""The document rules as rows."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from foundation.audit import AuditEvent
from registration.models import DocumentRule
from registration.services import rules as registration_rules
from tests.factories import make_officer

pytestmark = pytest.mark.django_db


def test_the_guides_rules_are_there():
    # 4 regions: bus 1, taxi and e-hailing 2 or 3, the profile 1.
    assert DocumentRule.objects.count() == 4 + 2 * (2 + 3 + 3 + 3) + 4


def test_loading_twice_changes_nothing():
    before = list(DocumentRule.objects.values())
    assert registration_rules.load_document_rules() == 0
    assert list(DocumentRule.objects.values()) == before


def test_what_staff_edited_stays():
    rule = DocumentRule.objects.filter(kind="profil-pemandu").first()
    rule.valid_from, rule.valid_to = date(2020, 1, 1), None
    rule.save()
    registration_rules.load_document_rules()
    rule.refresh_from_db()
    assert (rule.valid_from, rule.valid_to) == (date(2020, 1, 1), None)


def test_the_command_says_how_many():
    DocumentRule.objects.filter(sector="bus").delete()
    out = StringIO()
    call_command("load_document_rules", stdout=out)
    assert out.getvalue() == "4 document rules loaded\n"


def test_profiles_count_up_to_the_guides_day():
    rules = DocumentRule.objects.filter(kind="profil-pemandu")
    assert {rule.valid_to for rule in rules} == {date(2019, 7, 11)}
    assert {rule.sector for rule in rules} == {"e_hailing"}


def test_a_change_is_audited_with_what_it_was(at):
    rule = DocumentRule.objects.filter(kind="profil-pemandu").first()
    rule.valid_to = None
    officer = make_officer()
    registration_rules.change_document_rule(rule=rule, by=officer, at=at)
    event = AuditEvent.objects.get()
    assert (event.action, event.by) == ("change_document_rule", officer)
    assert event.detail == {"valid_to": ["2019-07-11", "None"]}
    assert DocumentRule.objects.get(pk=rule.pk).valid_to is None


def test_a_rule_is_named_in_the_staffs_words():
    rule = DocumentRule.objects.get(sector="bus", region="peninsular")
    assert str(rule) == "Bas · Semenanjung Malaysia · Kad PSV"
