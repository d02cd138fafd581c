"""The document rules at the desk: administrators add and end them, nobody deletes them."""

from datetime import date

import pytest

from foundation.audit import AuditEvent
from registration.models import DocumentRule
from tests.factories import make_officer
from tests.staff.desk import seated

pytestmark = pytest.mark.django_db
RULE = {
    "sector": "e_hailing",
    "region": "peninsular",
    "kind": "profil-pemandu",
    "outcome": "accept",
    "valid_from": "01/01/2027",
    "valid_to": "",
    "minimum_age": "",
}
RULES = "/staf/registration/documentrule/"


def test_an_administrator_adds_a_rule_and_ends_it(client):
    officer = seated(client, make_officer(group="administrator"))
    assert client.post(f"{RULES}add/", RULE).status_code == 302
    rule = DocumentRule.objects.get(valid_from=date(2027, 1, 1))
    assert (rule.kind, rule.valid_to) == ("profil-pemandu", None)
    client.post(f"{RULES}{rule.pk}/change/", RULE | {"valid_to": "31/12/2027"})
    rule.refresh_from_db()
    assert rule.valid_to == date(2027, 12, 31)
    events = AuditEvent.objects.filter(subject_id=str(rule.pk), by=officer).order_by("pk")
    assert [(event.action, event.detail["valid_to"]) for event in events] == [
        ("add_document_rule", "None"),
        ("change_document_rule", ["None", "2027-12-31"]),
    ]


def test_what_a_rule_is_about_never_changes(client):
    rule = DocumentRule.objects.get(sector="bus", region="sabah")
    seated(client)
    asked = RULE | {"sector": "taxi", "kind": "surat-kebenaran", "outcome": "refer"}
    client.post(f"{RULES}{rule.pk}/change/", asked)
    rule.refresh_from_db()
    assert (rule.sector, rule.kind, rule.outcome) == ("bus", "psv", "refer")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"valid_from": "11/07/2019"}, "Sudah ada peraturan"),
        ({"kind": "lesen"}, "Lesen memandu diperlukan oleh semua"),
        ({"valid_to": "31/12/2026"}, "Hari terakhir tidak boleh sebelum"),
        ({"valid_from": "30/02/2027"}, "tarikh yang sah"),
        ({"region": "brunei"}, "pilihan yang sah"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_a_sentence(client, changed, words):
    before = DocumentRule.objects.count()
    seated(client)
    page = client.post(f"{RULES}add/", RULE | changed)
    assert page.status_code == 200
    assert words in page.text
    assert DocumentRule.objects.count() == before


def test_a_rule_is_not_drawn_out_over_its_successor(client):
    seated(client)
    client.post(f"{RULES}add/", RULE)
    older = DocumentRule.objects.get(
        sector="e_hailing", region="peninsular", kind="profil-pemandu", valid_to=date(2019, 7, 11)
    )
    page = client.post(
        f"{RULES}{older.pk}/change/", RULE | {"valid_from": "01/06/2017", "valid_to": ""}
    )
    assert "Sudah ada peraturan" in page.text
    older.refresh_from_db()
    assert older.valid_to == date(2019, 7, 11)


def test_no_rule_is_deleted(client):
    rule = DocumentRule.objects.first()
    seated(client)
    assert client.post(f"{RULES}{rule.pk}/delete/", {"post": "yes"}).status_code == 403
    assert DocumentRule.objects.filter(pk=rule.pk).exists()


@pytest.mark.parametrize("group", ["reviewer", "finance", "support", "auditor"])
def test_rules_are_added_by_administrators_only(client, group):
    seated(client, make_officer(group=group))
    assert client.post(f"{RULES}add/", RULE).status_code == 403


def test_a_rule_is_edited_and_audited(client):
    rule = DocumentRule.objects.filter(kind="profil-pemandu").first()
    officer = seated(client)
    answers = {"outcome": "accept", "valid_from": "01/06/2017", "valid_to": "", "minimum_age": ""}
    answer = client.post(f"/staf/registration/documentrule/{rule.pk}/change/", answers)
    assert answer.status_code == 302
    rule.refresh_from_db()
    assert rule.valid_to is None
    event = AuditEvent.objects.get()
    assert (event.action, event.by) == ("change_document_rule", officer)
