"""Refunds: two officers, one open a payment, never above what was paid, told at each step."""

from contextlib import contextmanager, suppress
from datetime import timedelta
from decimal import Decimal

import pytest
import responses
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, connection, transaction

from contributions.models import CoveragePeriod
from foundation.alarms import Alarm
from foundation.audit import AuditEvent
from foundation.models import OutboxRow
from foundation.refusals import SameOfficer
from foundation.states import ForbiddenMove, StaleStatus
from payments.models import PaymentCase, Refund
from payments.services import cases, invariants, reconciliation, refunds
from payments.services.cases import open_case
from payments.tasks import send_refund_step, send_refund_step_sms
from receipts.models import Receipt
from tests.by_hand import by_hand
from tests.factories import (
    REFUND_STEPS,
    decide,
    make_double_payment,
    make_officer,
    make_payment,
    make_refund,
    make_settlement_file,
    move_refund,
    settlement_line,
    tell,
)

DAY = timedelta(days=1)
Status = Refund.Status
ALLOWED = {
    ("requested", "approved"),
    ("requested", "refused"),
    ("approved", "sent"),
    ("approved", "refused"),
    ("sent", "done"),
    ("sent", "failed"),
    ("failed", "sent"),
    ("failed", "refused"),
}


@pytest.fixture
def rohani(db):
    return make_officer("Puan Rohani")


@pytest.fixture
def selvam(db):
    return make_officer("Encik Selvam")


@pytest.fixture
def case(payment, at):
    """Of a message that did not agree: quick to make, and its money may go back."""
    return open_case(kind=PaymentCase.Kind.ANOMALY, payment=payment, at=at)


@pytest.fixture
def double(contribution):
    return make_double_payment(contribution)


def test_the_table_names_every_status():
    assert set(Refund.TRANSITIONS) == set(Status) == set(REFUND_STEPS)


@pytest.mark.parametrize("before", Status.values)
def test_the_full_matrix(case, rohani, selvam, before):
    refund = make_refund(case, before, by=rohani, approver=selvam)
    history = refund.status_changes.count()
    reached = set()
    for after in set(Status.values) - {"requested"}:
        with savepoint():
            try_to_move(refund.pk, after, selvam)
            moved = Refund.objects.get()
            assert refund.status_changes.count() == history + (moved.status != before)
            reached |= {(before, moved.status)} - {(before, before)}
    assert reached == {pair for pair in ALLOWED if pair[0] == before}


def try_to_move(pk, after, by):
    with suppress(ForbiddenMove):
        move_refund(Refund.objects.select_related("case").get(pk=pk), after, by=by)


@contextmanager
def savepoint():
    """What happens inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("status", "case_status"),
    [
        ("requested", "refunding"),
        ("approved", "refunding"),
        ("sent", "refunding"),
        ("failed", "refunding"),
        ("refused", "open"),
        ("done", "closed"),
    ],
)
def test_the_case_follows(case, status, case_status):
    make_refund(case, status)
    assert PaymentCase.objects.get(pk=case.pk).status == case_status


def test_a_stale_twin_loses(case, selvam, at):
    refund = make_refund(case)
    twin = Refund.objects.get()
    refunds.approve_refund(refund=refund, by=selvam, at=at)
    with pytest.raises(StaleStatus):
        refunds.refuse_refund(refund=twin, reason="Tersilap", by=selvam, at=at)
    assert PaymentCase.objects.get(pk=case.pk).status == "refunding"


# --- four eyes -------------------------------------------------------------------------------
def test_who_asked_may_not_approve(case, rohani, at):
    refund = make_refund(case, by=rohani)
    with pytest.raises(SameOfficer):
        refunds.approve_refund(refund=refund, by=rohani, at=at)
    assert Refund.objects.get().status == "requested"


def test_nor_by_a_mistake_of_ours(case, rohani, at):
    make_refund(case, by=rohani)
    with pytest.raises(IntegrityError), transaction.atomic():
        Refund.objects.update(status="approved", approved_at=at, approved_by=rohani)


@pytest.mark.parametrize("status", ["approved", "sent", "done", "failed"])
def test_no_money_leaves_unapproved(case, status):
    make_refund(case)
    with pytest.raises(IntegrityError, match="refund_sent_after_approval"), by_hand():
        Refund.objects.update(status=status, bank_reference="WV-1")


# --- how much --------------------------------------------------------------------------------
@pytest.mark.parametrize("amount", ["13.11", "100.00"])
def test_never_above_what_was_paid(case, rohani, at, amount):
    with pytest.raises(refunds.AmountTooHigh):
        refunds.request_refund(case=case, amount=Decimal(amount), reason="x", by=rohani, at=at)
    assert PaymentCase.objects.get(pk=case.pk).status == "open"


def test_the_database_counts_all_refunds_of_a_payment(case, rohani, at):
    make_refund(case, "done", amount=Decimal("10.00"))
    row = {"case": case, "payment": case.payment, "requested_by": rohani, "requested_at": at}
    with pytest.raises(IntegrityError), transaction.atomic():
        Refund.objects.create(amount=Decimal("3.11"), reason="x", **row)
    Refund.objects.create(amount=Decimal("3.10"), reason="x", **row)


def test_one_is_open_at_a_time(case, rohani, at):
    make_refund(case, amount=Decimal("1.00"))
    with pytest.raises(cases.CaseNotOpen):
        refunds.request_refund(case=case, amount=Decimal(1), reason="x", by=rohani, at=at)
    row = {"case": case, "payment": case.payment, "requested_by": rohani, "requested_at": at}
    with pytest.raises(IntegrityError), transaction.atomic():
        Refund.objects.create(amount=Decimal(1), reason="x", **row)


def test_another_case_of_the_payment_must_wait_for_it(case, rohani, at):
    make_refund(case, amount=Decimal("1.00"))
    other = open_case(kind=PaymentCase.Kind.SETTLEMENT, payment=case.payment, at=at)
    assert refunds.refundable(case=other) == 0
    with pytest.raises(refunds.NothingToRefund):
        refunds.request_refund(case=other, amount=Decimal(1), reason="x", by=rohani, at=at)


def test_a_part_of_a_double_payment_leaves_its_case_waiting_for_the_rest(double):
    make_refund(double, "done", amount=Decimal("10.00"))
    double.refresh_from_db()
    assert (double.status, refunds.refundable(case=double)) == ("open", Decimal("3.10"))
    make_refund(double, "done", amount=Decimal("3.10"))
    double.refresh_from_db()
    assert (double.status, double.resolution) == ("closed", "refunded")


def test_a_double_payment_given_back_through_another_case_is_closed_too(double, at):
    other = open_case(kind=PaymentCase.Kind.CREDIT_CODE, payment=double.payment, at=at)
    make_refund(other, "done", amount=Decimal("10.00"))
    double.refresh_from_db()
    assert (double.status, refunds.refundable(case=double)) == ("open", Decimal("3.10"))
    rest = open_case(kind=PaymentCase.Kind.CREDIT_CODE, payment=double.payment, at=at)
    refund = make_refund(rest, "done", amount=Decimal("3.10"))
    double.refresh_from_db()
    assert (double.status, double.resolution) == ("closed", "refunded")
    assert double.status_changes.get().by == refund.requested_by


def test_what_else_is_odd_about_the_payment_an_officer_explains(double, at):
    other = open_case(kind=PaymentCase.Kind.CREDIT_CODE, payment=double.payment, at=at)
    make_refund(double, "done")
    other.refresh_from_db()
    assert other.status == "open"


def test_money_taken_twice_that_is_back_already_is_closed_as_refunded(double, rohani, at):
    other = open_case(kind=PaymentCase.Kind.CREDIT_CODE, payment=double.payment, at=at)
    make_refund(other, "sent")
    with pytest.raises(cases.MoneyMustMove):
        cases.close_case(case=double, reason="x", by=rohani, at=at)
    Refund.objects.update(status="done")  # as it was before cases ended together
    cases.close_case(case=double, reason="Dipulangkan", by=rohani, at=at)
    double.refresh_from_db()
    assert (double.status, double.resolution) == ("closed", "refunded")


def test_a_refused_refund_may_be_asked_for_anew(case):
    make_refund(case, "refused")
    case.refresh_from_db()
    assert refunds.refundable(case=case) == case.payment.amount
    make_refund(case, "done")
    assert PaymentCase.objects.get(pk=case.pk).resolution == "refunded"


@pytest.mark.parametrize("status", ["started", "failed"])
def test_a_payment_that_took_no_money_has_none_to_give_back(contribution, rohani, at, status):
    payment = make_payment(contribution, status)
    case = open_case(kind=PaymentCase.Kind.UNDECIDED, payment=payment, at=at)
    with pytest.raises(refunds.NothingToRefund):
        refunds.request_refund(case=case, amount=Decimal(1), reason="x", by=rohani, at=at)


def test_the_same_money_goes_back_once_whatever_the_case(case, at):
    make_refund(case, "done")
    other = open_case(kind=PaymentCase.Kind.SETTLEMENT, payment=case.payment, at=at)
    assert refunds.refundable(case=other) == 0


@pytest.mark.parametrize("column", ["amount = 1", "reason = 'lain'", "requested_at = now()"])
def test_facts_of_a_refund_are_not_edited(case, column):
    make_refund(case)
    for sql in (f"UPDATE payments_refund SET {column}", "DELETE FROM payments_refund"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_an_approval_is_not_rewritten(case, rohani):
    refund = make_refund(case, "approved")
    another = make_officer()
    with pytest.raises(IntegrityError), transaction.atomic():
        Refund.objects.filter(pk=refund.pk).update(approved_by=another)


def test_its_history_is_not_edited(case):
    make_refund(case)
    for table in ("payments_refundstatuschange", "payments_paymentcasestatuschange"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET note = 'lain'")


# --- what stays, what is told ------------------------------------------------------------------
def test_certified_money_may_go_back_and_the_cover_stays(contribution, rohani, at):
    payment = make_payment(contribution, "succeeded")
    contribution.registration.refresh_from_db()
    decide(contribution.registration, "rejected", rohani)
    (case,) = cases.open_refund_case(registration=contribution.registration, by=rohani, at=at)
    before = CoveragePeriod.objects.values().get(), Receipt.objects.values().get()
    make_refund(case, "done")
    assert (CoveragePeriod.objects.values().get(), Receipt.objects.values().get()) == before
    payment.refresh_from_db()
    assert payment.status == "succeeded"


@pytest.fixture
def settlement(contribution, at):
    """The acquirer's file names a payment that has expired with us."""
    payment = make_payment(contribution, "expired")
    raw = make_settlement_file(settlement_line(payment))
    reconciliation.record_settlement_file(raw=raw, name="a.csv", at=at + DAY)
    return PaymentCase.objects.select_related("payment").get()


@pytest.mark.parametrize("status", ["requested", "done"])
def test_money_credited_after_it_was_given_back_is_a_case(settlement, at, status):
    make_refund(settlement, status, at=at + DAY)
    tell(settlement.payment, at=at + 2 * DAY)
    assert Receipt.objects.get().payment_reference == settlement.payment.reference
    case = PaymentCase.objects.get(kind="anomaly", payment=settlement.payment)
    assert case.detail == "paid although RM13.10 of it was given back, or is about to be"
    assert Alarm.objects.filter(kind="payment_anomaly").exists()
    assert invariants.check_invariants(at=at) == []


def test_what_stayed_with_us_is_credited_without_a_case(settlement, at):
    make_refund(settlement, "refused", at=at + DAY)
    tell(settlement.payment, at=at + 2 * DAY)
    assert not PaymentCase.objects.filter(kind="anomaly").exists()


def test_nobody_is_asked_what_becomes_of_money_that_he_has(settlement, contribution, rohani, at):
    make_refund(settlement, "done", at=at + DAY)
    make_payment(contribution, "succeeded", at=at + DAY)
    tell(settlement.payment, at=at + 2 * DAY)
    double = PaymentCase.objects.get(kind="double_payment")
    assert not OutboxRow.objects.filter(kind__startswith="payments.send_double_payment").exists()
    cases.close_case(case=double, reason="Dipulangkan", by=rohani, at=at + 2 * DAY)
    double.refresh_from_db()
    assert double.resolution == "refunded"
    assert invariants.check_invariants(at=at) == []


def test_every_act_is_audited(case, rohani, selvam):
    make_refund(case, "done", by=rohani, approver=selvam)
    events = AuditEvent.objects.filter(action__startswith="refund_").order_by("pk")
    assert list(events.values_list("action", "by")) == [
        ("refund_requested", rohani.pk),
        ("refund_approved", selvam.pk),
        ("refund_sent", rohani.pk),
        ("refund_done", rohani.pk),
    ]


def test_the_payer_is_told_of_each_step(case):
    refund = make_refund(case, "done")
    steps = [change.pk for change in refund.status_changes.all()]
    for kind in ("payments.send_refund_step", "payments.send_refund_step_sms"):
        told = OutboxRow.objects.filter(kind=kind).order_by("pk")
        assert [row.subject_id for row in told] == steps


@pytest.mark.parametrize(
    ("status", "subject", "words"),
    [
        ("requested", "sedang diuruskan", "Pegawai lain akan meluluskannya"),
        ("approved", "sedang diuruskan", "telah diluluskan"),
        ("sent", "sedang diuruskan", "telah dihantar kepada bank"),
        ("done", "telah dipulangkan", "Bank telah memulangkan wang"),
        ("failed", "belum berjaya", "Bank belum dapat memulangkan"),
        ("refused", "disemak semula", "ditarik balik"),
    ],
)
def test_a_step_is_mailed(case, aminah, at, status, subject, words):
    change = make_refund(case, status).status_changes.latest("pk")
    send_refund_step.handler(change.pk, at=at)
    (letter,) = mail.outbox
    assert letter.to == [aminah.email]
    assert subject in letter.subject
    assert words in letter.body
    assert case.payment.reference in letter.body


@pytest.mark.parametrize("status", REFUND_STEPS)
def test_a_step_is_texted_in_both_languages(case, aminah, at, status):
    change = make_refund(case, status).status_changes.latest("pk")
    for language in ("ms", "en"):
        type(aminah).objects.update(language=language)
        with responses.RequestsMock() as gateway:
            gateway.post(settings.SMS_URL)
            send_refund_step_sms.handler(change.pk, at=at)
            assert case.payment.reference in gateway.calls[0].request.body
