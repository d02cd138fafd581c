"""Whatever we hold about somebody is gathered for them, and nothing of anybody else."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.utils import translation

from accounts.models import AccountCase, User
from accounts.services.cases import Report, propose_contact, report_case
from accounts.services.corrections import propose_correction, refuse_correction
from accounts.services.sessions import record_log_in
from contributions.services.reminders import remind
from foundation import audit
from payments.services.reconciliation import record_settlement_file
from perkeso.privacy.gathering import facts_about, facts_in_words, rows_about
from perkeso.privacy.words import word_of
from registration.services import decisions
from tests.factories import (
    AT,
    make_account,
    make_contribution,
    make_double_payment,
    make_officer,
    make_refund,
    make_registration,
    make_settlement_file,
    settlement_line,
)

ROOT = Path(__file__).parents[2]
OURS = {m for m in apps.get_models() if (ROOT / m.__module__.partition(".")[0]).is_dir()}
# Tables that are nobody's, or hold nothing that their subject could read.
NOT_THEIRS = {
    # Reference data, the same for all.
    *("PlanRate", "Bank", "DocumentRule"),
    # Secret, short-lived or counted by hashes.
    *("Code", "EmailLink", "PhoneDevice", "Session", "Tally", "PersonalCopy", "OutboxRow"),
    # The desk's own: officers' devices, work in hand and files, and what watches over the rest.
    *("Authenticator", "RecoveryDevice", "ReviewClaim", "Export", "SettlementFile"),
    *("Alarm", "AuditLink", "Heartbeat", "Proposal", "ProposalStatusChange"),
}


@pytest.fixture
def officers(db):
    return make_officer("Puan Rohani"), make_officer("Encik Selvam")


def live_through_everything(name, officers):
    """Somebody who left a row in every table that is about people."""
    user = make_account(name)
    record_log_in(user=user, device=None, browser="Chrome", at=AT)
    _be_put_right(user, *officers)
    _pay_twice(user, *officers)
    _be_returned(user, officers[0])
    return user


def _be_put_right(user, rohani, selvam):
    wrong = {"full_name": f"{user.full_name} Lain", "ic_number": user.ic_number}
    correction = propose_correction(user=user, reason="MyKad", by=rohani, at=AT, **wrong)
    refuse_correction(correction=correction, by=selvam, at=AT)
    report = Report(user.ic_number, user.full_name, "+60129998888", "baharu@contoh.com")
    kind = AccountCase.Kind.LOST_CONTACT
    case = report_case(attempt=uuid4(), kind=kind, report=report, network="", at=AT)
    reached = {"phone": report.phone, "email": report.email}
    propose_contact(case=case, note="MyKad", by=rohani, at=AT, **reached)


def _be_returned(user, rohani):
    registration = user.registrations.get()
    blurred = [decisions.Fault(registration.live_documents[0], "blurred")]
    decisions.return_registration(registration=registration, by=rohani, at=AT, faults=blurred)


def _pay_twice(user, rohani, selvam):
    """One month twice: one receipt, one refund, a line of the bank's file, a reminder."""
    case = make_double_payment(make_contribution(make_registration(user, "submitted")))
    make_refund(case, "approved", by=rohani, approver=selvam)
    raw = make_settlement_file(settlement_line(case.payment))
    record_settlement_file(raw=raw, name="fail.txt", by=rohani, at=AT + timedelta(days=1))
    remind(at=AT + timedelta(days=29))


def test_every_table_is_gathered_or_not_theirs():
    """Whoever adds a table gathers it, or says here why it is nobody's."""
    gathered = {rows.model.__name__ for rows in rows_about(User(pk=0)).values()}
    assert {model.__name__ for model in OURS} == gathered | NOT_THEIRS
    assert gathered & NOT_THEIRS == set()


def test_each_row_is_one_persons(officers, clock):
    """Of two who lived alike each gets their own, and between them nothing is left over."""
    aminah = rows_about(live_through_everything("Aminah binti Ali", officers))
    boon = rows_about(live_through_everything("Boon bin Chandran", officers))
    for part, rows in aminah.items():
        theirs, others = set(rows), set(boon[part])
        assert theirs, part
        assert others, part
        assert not theirs & others, part
        if part not in {"akaun", "jejak_audit"}:  # officers have accounts and act on other things
            assert theirs | others == set(rows.model.objects.all()), part


@pytest.mark.parametrize("language", ["ms", "en"])
def test_each_column_has_a_name_of_its_own_in_the_language_of_its_reader(officers, language):
    user = live_through_everything("Aminah binti Ali", officers)
    facts = facts_about(user)
    with translation.override(language):
        told = facts_in_words(user)
    for rows, named in zip(facts.values(), told.values(), strict=True):
        assert [len(row) for row in named] == [len(row) for row in rows]
    names = {*told, *(name for rows in told.values() for row in rows for name in row)}
    assert [name for name in names if "_" in name] == []
    assert ("nombor kad pengenalan" in names) == (language == "ms")
    assert ("IC number" in names) == (language == "en")


def test_no_column_is_left_in_the_programs_words(officers):
    models = {part: rows.model for part, rows in rows_about(User(pk=0)).items()}
    facts = facts_about(live_through_everything("Aminah binti Ali", officers))
    left = [
        (part, column)
        for part, rows in facts.items()
        for column in rows[0]
        if word_of(models[part], column) == column.replace("_", " ") and column != "status"
    ]
    assert left == []


def test_who_looked_at_a_document_is_told_but_not_from_where(officers):
    aminah = make_account("Aminah binti Ali")
    document = make_registration(aminah).documents.first()
    audit.record("open_document", subject=document, by=officers[0], at=AT)
    acts = {act["action"]: act for act in facts_about(aminah)["jejak_audit"]}
    assert acts["open_document"]["by"] == officers[0].pk
    assert "network" not in acts["open_document"]
    assert "network" in acts["account_opened"]
