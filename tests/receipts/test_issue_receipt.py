"""The number, the moment and the snapshot; what follows after the commit."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from contributions.models import Contribution, CoveragePeriod
from foundation.outbox import OutboxRow
from foundation.states import ForbiddenMove
from receipts.models import Receipt
from receipts.services import issuing
from tests.factories import (
    follow_rate,
    make_contribution,
    make_receipt,
    make_registration,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def registration(aminah):
    return make_registration(aminah, "submitted", sector="bus")


def issue(contribution, at, **changes):
    facts = {
        "payment_reference": "261122K7F3ABCD01",
        "bank_name": "SBI BANK A",
        "fpx_transaction_id": "2611221000000001",
        "fpx_transaction_at": at,
        "issued_at": at,
        "at": at,
    }
    return issuing.issue_receipt(contribution=contribution, **(facts | changes))


def test_a_receipt_states_who_paid_what_when_and_for_which_cover(registration, aminah, at):
    receipt = make_receipt(registration, plan=2, months=12)
    assert (receipt.user, receipt.full_name) == (aminah, "Aminah binti Ali")
    assert receipt.ic_number == "850101145523"
    assert (receipt.sector, receipt.plan_number, receipt.months) == ("bus", 2, 12)
    assert receipt.insured_monthly_earnings == Decimal("1550.00")
    assert receipt.amount == Decimal("232.80")
    assert receipt.issued_at == receipt.coverage_starts_at == at
    assert receipt.coverage_ends_at == at.replace(year=2027)
    assert receipt.bank_name == "SBI BANK A"
    assert receipt.fpx_transaction_at == at - timedelta(seconds=74)


def test_a_receipt_states_what_the_period_says(registration, at):
    make_receipt(registration)
    second = make_receipt(registration, issued_at=at + timedelta(days=3))
    period = CoveragePeriod.objects.get(contribution=second.contribution)
    assert second.coverage_starts_at == period.coverage_starts_at
    assert second.coverage_ends_at == period.coverage_ends_at
    assert second.issued_at == at + timedelta(days=3)
    assert second.is_queued


def test_issuing_pays_the_contribution(registration, at):
    receipt = make_receipt(registration)
    assert receipt.contribution.status == Contribution.Status.PAID


@pytest.mark.parametrize("language", ["ms", "en"])
def test_a_receipt_is_in_its_owners_language(at, language):
    registration = make_registration(make_user(language=language), "submitted")
    assert make_receipt(registration).language == language


def test_the_moment_is_to_the_second(registration, at):
    receipt = issue(make_contribution(registration), at.replace(microsecond=999_999))
    assert receipt.issued_at == receipt.coverage_starts_at == at


def test_fpx_may_keep_its_time_to_itself(registration, at):
    receipt = issue(make_contribution(registration), at, fpx_transaction_at=None)
    assert receipt.fpx_transaction_at is None


def test_numbers_follow_one_another(registration, at):
    first = make_receipt(registration)
    second = make_receipt(registration, issued_at=at + timedelta(days=1))
    assert int(second.number[9:]) == int(first.number[9:]) + 1


@pytest.mark.parametrize(
    ("moment", "year"),
    [
        (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), "2026"),
        (datetime(2026, 12, 31, 16, 0, 0, tzinfo=UTC), "2027"),
    ],
)
def test_the_year_of_the_number_is_malaysias(moment, year):
    number = issuing.next_number(moment)
    assert number.startswith(f"SPS-{year}-")
    assert len(number) == 17


def test_a_number_rolled_back_stays_unused(at):
    with transaction.atomic():
        lost = issuing.next_number(at)
        transaction.set_rollback(True)
    assert int(issuing.next_number(at)[9:]) == int(lost[9:]) + 1


def test_nothing_is_certified_twice(registration, at):
    contribution = make_contribution(registration)
    issue(contribution, at)
    with pytest.raises(ForbiddenMove), transaction.atomic():
        issue(contribution, at + timedelta(minutes=1))
    assert Receipt.objects.count() == 1


def test_what_follows_is_written_in_the_same_transaction(registration, at):
    OutboxRow.objects.all().delete()
    receipt = make_receipt(registration)
    rows = OutboxRow.objects.filter(subject_id=receipt.pk, kind__startswith="receipts.")
    assert {row.kind for row in rows} == {
        "receipts.draw_receipt",
        "receipts.send_receipt",
        "receipts.send_receipt_sms",
    }
    assert {row.created_at for row in rows} == {at}


def test_no_receipt_without_the_callers_commit(registration, at):
    contribution = make_contribution(registration)
    with transaction.atomic():
        issue(contribution, at)
        transaction.set_rollback(True)
    contribution.refresh_from_db()
    assert contribution.status == Contribution.Status.OPEN
    assert not Receipt.objects.exists()
    assert not CoveragePeriod.objects.exists()


# --- it never changes ----------------------------------------------------------------------
@pytest.mark.parametrize(
    "changes",
    [
        {"issued_at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"coverage_starts_at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"coverage_ends_at": datetime(2040, 1, 1, tzinfo=UTC)},
        {"number": "SPS-2026-99999999"},
        {"full_name": "Chandran a/l Raju"},
        {"amount": Decimal("0.01")},
        {"fpx_transaction_id": "1"},
    ],
)
def test_the_database_refuses_to_change_what_it_states(registration, changes):
    receipt = make_receipt(registration)
    with pytest.raises(IntegrityError, match="states what it stated"), transaction.atomic():
        Receipt.objects.filter(pk=receipt.pk).update(**changes)


def test_the_database_loses_no_receipt(registration):
    receipt = make_receipt(registration)
    with pytest.raises(IntegrityError, match=f"{receipt.number} stays"), transaction.atomic():
        receipt.delete()


def test_the_database_keeps_the_first_drawing(registration, at):
    receipt = make_receipt(registration)
    row = Receipt.objects.filter(pk=receipt.pk)
    row.update(file="receipts/a.pdf", sha256="a" * 64, drawn_at=at)
    with pytest.raises(IntegrityError, match="drawn once"), transaction.atomic():
        row.update(sha256="b" * 64)


def test_the_database_wants_a_hash_with_the_drawing(registration, at):
    receipt = make_receipt(registration)
    with pytest.raises(IntegrityError, match="receipt_drawn_has_hash"), transaction.atomic():
        Receipt.objects.filter(pk=receipt.pk).update(drawn_at=at)


def test_a_new_price_or_name_changes_no_receipt(registration, aminah):
    receipt = make_receipt(registration)
    follow_rate(amount="99.00")
    aminah.full_name = "Aminah binti Abu"
    aminah.save()
    receipt.refresh_from_db()
    assert (receipt.amount, receipt.full_name) == (Decimal("13.10"), "Aminah binti Ali")


def test_the_ic_number_is_not_readable_in_the_table(registration):
    receipt = make_receipt(registration)
    with connection.cursor() as cursor:
        cursor.execute("SELECT ic_number FROM receipts_receipt WHERE id = %s", [receipt.pk])
        (stored,) = cursor.fetchone()
    assert "850101" not in str(stored)
