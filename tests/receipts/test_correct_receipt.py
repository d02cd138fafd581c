"""A wrong name was put right: another receipt takes the place of the wrong one, now void."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from contributions.models import CoveragePeriod
from foundation.audit import AuditEvent
from foundation.outbox import OutboxRow
from receipts.models import Receipt
from receipts.services import correction as receipt_correction
from tests.factories import make_officer

pytestmark = pytest.mark.django_db
RIGHT = "Aminah binti Alias"


@pytest.fixture
def officer(receipt):
    return make_officer()


@pytest.fixture
def later(at):
    return at + timedelta(days=3)


def put_right(user, name=RIGHT):
    """What two officers decided."""
    user.full_name = name
    user.save()


@pytest.fixture
def correction(receipt, aminah, officer, later):
    put_right(aminah)
    return receipt_correction.correct_receipt(receipt=receipt, by=officer, at=later)


def stated(receipt):
    """Everything that both receipts must say."""
    kept = ["issued_at", "sector", "plan_number", "months", "amount", "bank_name"]
    kept += ["coverage_starts_at", "coverage_ends_at", "payment_reference", "fpx_transaction_id"]
    return [getattr(receipt, name) for name in kept]


def test_the_correction_has_the_right_name_and_names_the_wrong_one(receipt, correction):
    assert correction.full_name == RIGHT
    assert correction.corrects == receipt
    assert correction.number != receipt.number
    assert correction.code != receipt.code
    assert stated(correction) == stated(receipt)


def test_the_wrong_one_stays_and_is_void(receipt, correction, officer, later):
    receipt.refresh_from_db()
    assert receipt.full_name == "Aminah binti Ali"
    assert (receipt.voided_at, receipt.voided_by) == (later, officer)
    assert receipt.cover_status(later) == "void"
    assert list(Receipt.objects.valid()) == [correction]


def test_the_correction_certifies_the_contribution(receipt, correction):
    contribution = correction.contribution
    contribution.refresh_from_db()
    assert contribution.receipt == correction
    assert CoveragePeriod.objects.get().contribution == contribution


def test_a_wrong_ic_number_is_corrected(receipt, aminah, officer, later):
    aminah.ic_number = "850101145524"
    aminah.save()
    correction = receipt_correction.correct_receipt(receipt=receipt, by=officer, at=later)
    assert (correction.ic_number, receipt.ic_number) == ("850101145524", "850101145523")


def test_the_correction_is_drawn_and_mailed(correction):
    kinds = OutboxRow.objects.filter(subject_id=correction.pk).values_list("kind", flat=True)
    assert set(kinds) == {"receipts.draw_receipt", "receipts.send_receipt"}


def test_who_corrected_what_is_kept(receipt, correction, officer):
    event = AuditEvent.objects.get(action="correct_receipt")
    assert (event.by, event.subject_id) == (officer, str(receipt.pk))
    assert event.detail == {"correction": correction.number}


def test_a_void_receipt_is_not_corrected_again(receipt, correction, officer, later):
    with pytest.raises(receipt_correction.AlreadyVoid):
        receipt_correction.correct_receipt(receipt=receipt, by=officer, at=later)


def test_a_correction_may_be_corrected(correction, aminah, officer, later):
    put_right(aminah, "Aminah Alias")
    second = receipt_correction.correct_receipt(receipt=correction, by=officer, at=later)
    assert second.corrects == correction
    assert Receipt.objects.valid().get() == second


def test_without_another_name_there_is_no_correction(receipt, officer, later):
    with pytest.raises(receipt_correction.NothingToCorrect):
        receipt_correction.correct_receipt(receipt=receipt, by=officer, at=later)
    assert Receipt.objects.get().is_void is False


# --- what the database refuses -------------------------------------------------------------
@transaction.atomic
def void_only(receipt, officer, later):
    rows = Receipt.objects.filter(pk=receipt.pk)
    rows.update(voided_at=later, voided_by=officer, contribution=None)
    connection.check_constraints()  # as the commit would


def test_no_receipt_is_void_without_a_correction(receipt, officer, later):
    with pytest.raises(IntegrityError, match="none corrects it"):
        void_only(receipt, officer, later)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"voided_at": True}, "receipt_"),
        ({"voided_at": True, "voided_by": True}, "receipt_certifies_unless_void"),
        ({"contribution": None}, "states what it stated"),
    ],
)
def test_void_is_all_or_nothing(receipt, officer, later, changes, constraint):
    values = {"voided_at": later, "voided_by": officer}
    wanted = {name: values[name] if value else value for name, value in changes.items()}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Receipt.objects.filter(pk=receipt.pk).update(**wanted)


def test_void_is_for_good(receipt, correction):
    with pytest.raises(IntegrityError, match="states what it stated"), transaction.atomic():
        Receipt.objects.filter(pk=receipt.pk).update(voided_at=None, voided_by=None)


def test_nothing_is_corrected_twice(receipt, correction):
    correction.pk, correction.public_id, correction.number = None, None, "SPS-2026-99999999"
    with pytest.raises(IntegrityError), transaction.atomic():
        correction.save(force_insert=True)
