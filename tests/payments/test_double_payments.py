"""Paid twice: the second money goes back, or buys the next period, by the payer's choice."""

from datetime import timedelta

import pytest

from contributions.models import Contribution, CoveragePeriod
from contributions.services import contributing
from foundation.audit import AuditEvent
from foundation.models import OutboxRow
from payments.models import PaymentCase
from payments.services import cases, double_payments, invariants, refunds
from payments.services.cases import open_case
from receipts.models import Receipt
from tests.factories import (
    decide,
    make_contribution,
    make_double_payment,
    make_officer,
    make_payment,
    make_receipt,
    make_refund,
)

HOUR = timedelta(hours=1)


@pytest.fixture
def case(contribution):
    return make_double_payment(contribution)


def choose(case, aminah, at):
    return double_payments.choose_next_period(case=case, by=aminah, at=at)


def test_the_next_period_follows_the_paid_one(case, aminah, at):
    first = CoveragePeriod.objects.get()
    receipt = choose(case, aminah, at + HOUR)
    second = CoveragePeriod.objects.last()
    assert second.coverage_starts_at == first.coverage_ends_at
    assert (second.anchor_at, second.months_from_anchor) == (first.anchor_at, 2)
    assert (receipt.issued_at, receipt.coverage_starts_at) == (at + HOUR, second.coverage_starts_at)


def test_after_a_lapse_it_starts_at_the_moment_of_choosing(case, aminah, at):
    late = at + timedelta(days=50, seconds=7)
    receipt = choose(case, aminah, late)
    assert receipt.issued_at == receipt.coverage_starts_at == late


def test_the_receipt_names_the_second_payment(case, aminah, at):
    receipt = choose(case, aminah, at + HOUR)
    payment = case.payment
    assert receipt.payment_reference == payment.reference
    assert receipt.fpx_transaction_id == payment.fpx_transaction_id
    assert receipt.amount == payment.amount == receipt.contribution.amount
    assert receipt.contribution.status == "paid"
    kinds = OutboxRow.objects.filter(subject_id=receipt.pk).values_list("kind", flat=True)
    assert {"receipts.draw_receipt", "receipts.send_receipt"} <= set(kinds)


def test_the_choice_settles_the_case(case, aminah, at):
    receipt = choose(case, aminah, at + HOUR)
    case.refresh_from_db()
    assert (case.status, case.resolution, case.closed_by) == ("closed", "next_period", aminah)
    assert receipt.number in case.reason
    assert AuditEvent.objects.get(action="next_period_chosen").by == aminah


def test_it_is_bought_once(case, aminah, at):
    stale = PaymentCase.objects.get(pk=case.pk)
    choose(case, aminah, at + HOUR)
    with pytest.raises(cases.CaseNotOpen):
        choose(stale, aminah, at + 2 * HOUR)
    assert CoveragePeriod.objects.count() == Receipt.objects.count() == 2


def test_a_payment_has_one_receipt_by_constraint(case, aminah, at):
    receipt = choose(case, aminah, at + HOUR)
    names = [constraint.name for constraint in Receipt._meta.constraints]
    assert "receipt_once_a_payment" in names
    assert Receipt.objects.filter(payment_reference=receipt.payment_reference).count() == 1


def test_refund_may_be_chosen_and_thought_better_of(case, aminah, at):
    double_payments.choose_refund(case=case, by=aminah, at=at)
    case.refresh_from_db()
    assert (case.status, case.refund_chosen_at) == ("open", at)
    choose(case, aminah, at + HOUR)
    with pytest.raises(cases.CaseNotOpen):
        double_payments.choose_refund(case=case, by=aminah, at=at + HOUR)


@pytest.mark.parametrize("status", ["requested", "failed", "done"])
def test_money_on_its_way_back_buys_nothing(case, aminah, at, status):
    make_refund(case, status)
    for choice in (double_payments.choose_next_period, double_payments.choose_refund):
        with pytest.raises(cases.CaseNotOpen):
            choice(case=case, by=aminah, at=at + HOUR)
    assert CoveragePeriod.objects.count() == 1


def test_what_went_back_in_part_buys_nothing(case, aminah, at):
    make_refund(case, "done", amount=case.payment.amount / 2)
    with pytest.raises(cases.CaseNotOpen):
        choose(case, aminah, at + HOUR)


def test_used_money_does_not_go_back(case, aminah, at):
    choose(case, aminah, at + HOUR)
    with pytest.raises(cases.CaseNotOpen):
        make_refund(case)


def test_nor_through_another_case_of_the_payment(case, aminah, at):
    other = open_case(kind=PaymentCase.Kind.CREDIT_CODE, payment=case.payment, at=at)
    choose(case, aminah, at + HOUR)
    assert refunds.refundable(case=other) == 0
    with pytest.raises(refunds.NothingToRefund):
        make_refund(other)


@pytest.mark.parametrize("status", ["requested", "failed", "done"])
def test_what_another_case_gives_back_buys_nothing(case, aminah, at, status):
    make_refund(open_case(kind=PaymentCase.Kind.CREDIT_CODE, payment=case.payment, at=at), status)
    with pytest.raises(cases.CaseNotOpen):
        choose(case, aminah, at + HOUR)


def test_a_period_of_a_registration_rejected_since_may_be_refunded(case, aminah, at):
    choose(case, aminah, at + HOUR)
    registration = case.payment.contribution.registration
    registration.refresh_from_db()
    officer = make_officer()
    decide(registration, "rejected", officer, at + HOUR)
    cases.open_refund_case(registration=registration, by=officer, at=at + HOUR)
    make_refund(PaymentCase.objects.get(kind="rejected_paid", payment=case.payment), "done")
    assert invariants.check_invariants(at=at) == []


def test_a_third_period_is_refused(case, aminah, contribution, at):
    make_receipt(contribution.registration, issued_at=at + HOUR)
    with pytest.raises(contributing.NextPeriodAlreadyBought):
        choose(case, aminah, at + 2 * HOUR)
    assert PaymentCase.objects.get(pk=case.pk).status == "open"


def test_a_rejected_registration_may_only_be_refunded(case, aminah, contribution, at):
    contribution.registration.refresh_from_db()
    decide(contribution.registration, "rejected", make_officer())
    with pytest.raises(contributing.MayNotPay):
        choose(case, aminah, at + HOUR)


def test_another_choice_that_nobody_pays_is_dropped(case, aminah, contribution, at):
    begun = make_contribution(contribution.registration, plan=2, at=at + HOUR)
    choose(case, aminah, at + HOUR)
    begun.refresh_from_db()
    assert begun.status == "dropped"
    assert Contribution.objects.filter(status="paid").count() == 2


def test_another_choice_that_may_be_paid_now_comes_first(case, aminah, contribution, at):
    begun = make_contribution(contribution.registration, plan=2, at=at + HOUR)
    contributing.hold_contribution(contribution=begun, at=at + HOUR)
    with pytest.raises(contributing.ContributionHeld):
        choose(case, aminah, at + HOUR)
    assert Contribution.objects.get(pk=begun.pk).status == "open"


@pytest.mark.parametrize("kind", [PaymentCase.Kind.ANOMALY, PaymentCase.Kind.UNDECIDED])
def test_other_cases_offer_no_choice(contribution, aminah, at, kind):
    case = open_case(kind=kind, payment=make_payment(contribution, "succeeded"), at=at)
    with pytest.raises(cases.CaseNotOpen):
        choose(case, aminah, at)


def test_what_choosing_would_buy_is_told_before(case, aminah, at):
    told = double_payments.next_period_of(case=case, at=at + HOUR)
    receipt = choose(case, aminah, at + HOUR)
    assert (told.starts_at, told.ends_at) == (receipt.coverage_starts_at, receipt.coverage_ends_at)
