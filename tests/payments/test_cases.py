"""Cases: opened once, closed by an officer with a reason, their whole life cycle."""

from datetime import timedelta
from itertools import product

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from foundation.alarms import Alarm
from foundation.audit import AuditEvent
from foundation.models import OutboxRow
from foundation.states import ForbiddenMove, StaleStatus, move
from payments.models import PaymentCase
from payments.services import attempts, cases, enquiries, invariants
from payments.services import undecided as payment_undecided
from payments.services.cases import open_case
from payments.tasks import send_money_kept, send_rejected_paid, send_waiting_stopped
from receipts.models import Receipt
from tests.by_hand import by_hand
from tests.factories import (
    decide,
    make_double_payment,
    make_officer,
    make_payment,
    make_refund,
    tell,
)

Status = PaymentCase.Status
ALLOWED = {
    ("open", "refunding"),
    ("open", "closed"),
    ("refunding", "open"),
    ("refunding", "closed"),
}


@pytest.fixture
def officer(db):
    return make_officer()


@pytest.fixture
def case(payment, at):
    return open_case(kind=PaymentCase.Kind.ANOMALY, payment=payment, detail="ujian", at=at)


def closed(at, officer):
    """What a closed case says besides its status."""
    return {"closed_at": at, "closed_by": officer, "reason": "ujian", "resolution": "explained"}


def test_the_table_names_every_status():
    assert set(PaymentCase.TRANSITIONS) == set(Status)


@pytest.mark.parametrize(("before", "after"), list(product(Status.values, Status.values)))
def test_the_full_matrix(case, officer, at, before, after):
    ends = closed(at, officer)
    with by_hand():
        PaymentCase.objects.update(status=before, **(ends if before == "closed" else {}))
    case.refresh_from_db()
    changes = ends if after == "closed" else {}
    if (before, after) in ALLOWED:
        move(case, after, by=officer, at=at, **changes)
        assert case.status_changes.get().by == officer
    else:
        with pytest.raises(ForbiddenMove):
            move(case, after, by=officer, at=at, **changes)
    assert PaymentCase.objects.get().status == (after if (before, after) in ALLOWED else before)


def test_a_stale_twin_loses(case, officer, at):
    twin = PaymentCase.objects.get()
    cases.close_case(case=case, reason="Jelas", by=officer, at=at)
    with pytest.raises(StaleStatus):
        move(twin, Status.REFUNDING, at=at)


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "closed"},
        {"reason": "", "resolution": "explained"},
        {"resolution": "explained"},
    ],
)
def test_the_database_wants_a_whole_ending(case, changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentCase.objects.update(**changes)


def test_settling_keeps_who_when_and_why(case, officer, at):
    later = at + timedelta(days=2)
    cases.close_case(case=case, reason="Bank mengesahkan", by=officer, at=later)
    case.refresh_from_db()
    assert (case.closed_by, case.closed_at, case.reason) == (officer, later, "Bank mengesahkan")
    assert (case.resolution, case.age(later + timedelta(days=9))) == ("explained", later - at)
    event = AuditEvent.objects.get(action="case_closed")
    assert (event.by, event.subject_id) == (officer, str(case.pk))


def test_a_closed_case_is_not_closed_again(case, officer, at):
    cases.close_case(case=case, reason="Jelas", by=officer, at=at)
    with pytest.raises(cases.CaseNotOpen):
        cases.close_case(case=case, reason="Lain", by=officer, at=at)
    assert PaymentCase.objects.get().reason == "Jelas"


def test_money_taken_twice_is_not_explained_away(contribution, officer, at):
    case = make_double_payment(contribution)
    with pytest.raises(cases.MoneyMustMove):
        cases.close_case(case=case, reason="Jelas", by=officer, at=at)
    ends = closed(at, officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentCase.objects.filter(pk=case.pk).update(status="closed", **ends)


def test_a_case_is_not_closed_while_money_goes_back(contribution, officer, at):
    case = make_double_payment(contribution)
    make_refund(case)
    with pytest.raises(cases.CaseNotOpen):
        cases.close_case(case=case, reason="Jelas", by=officer, at=at)


def test_the_same_news_opens_one_case_until_it_is_closed(case, payment, officer, at):
    again = open_case(kind=PaymentCase.Kind.ANOMALY, payment=payment, detail="ujian", at=at)
    assert again == case
    cases.close_case(case=case, reason="Jelas", by=officer, at=at)
    assert open_case(kind=PaymentCase.Kind.ANOMALY, payment=payment, detail="ujian", at=at) != case


def test_a_credit_code_that_differs_opens_a_case_though_the_payer_has_paid(payment):
    tell(payment, "00", credit="51")
    payment.refresh_from_db()
    case = PaymentCase.objects.get()
    assert (payment.status, case.kind) == ("succeeded", "credit_code")
    assert "51" in case.detail


def test_three_days_without_a_decision_open_one_case(payment, at):
    late = at + timedelta(hours=72)
    assert enquiries.open_overdue_cases(at=late - timedelta(seconds=1)) == 0
    assert [enquiries.open_overdue_cases(at=late) for _twice in range(2)] == [1, 0]
    assert PaymentCase.objects.get().kind == "undecided"


def test_a_case_that_ended_is_opened_anew_whatever_else_is_odd(payment, officer, at):
    late = at + timedelta(hours=72)
    enquiries.open_overdue_cases(at=late)
    open_case(kind=PaymentCase.Kind.ANOMALY, payment=payment, at=at)
    row = PaymentCase.objects.filter(kind="undecided")
    row.update(status="closed", **closed(at, officer))  # as it could be before `stop_waiting`
    assert [enquiries.open_overdue_cases(at=late) for _twice in range(2)] == [1, 0]


# --- waited for no more ----------------------------------------------------------------------
@pytest.fixture
def undecided(payment, at):
    """A second person has not authorised in three days (99), and FPX is hardly asked any more."""
    tell(payment, "99")
    tell(payment, "99", channel="enquiry", at=at + timedelta(hours=71))
    enquiries.open_overdue_cases(at=at + timedelta(hours=72))
    return PaymentCase.objects.get()


def stop(case, officer, at):
    return payment_undecided.stop_waiting(case=case, reason="Tidak didebit", by=officer, at=at)


def test_an_officer_stops_waiting_and_the_driver_may_pay_again(undecided, officer, at):
    late = at + timedelta(hours=73)
    contribution = undecided.payment.contribution
    with pytest.raises(attempts.AttemptUndecided):
        attempts.check_payable(contribution=contribution, at=late)
    stop(undecided, officer, late)
    undecided.refresh_from_db()
    assert (undecided.status, undecided.payment.status) == ("closed", "expired")
    change = undecided.payment.status_changes.latest("pk")
    assert (change.by, change.at, change.note) == (officer, late, "Tidak didebit")
    contribution.refresh_from_db()
    assert not contribution.is_held
    # The bank may take it after all: whoever pays again is warned.
    assert attempts.check_payable(contribution=contribution, at=late) == [undecided.payment]
    assert AuditEvent.objects.get(action="waiting_stopped").by == officer
    assert OutboxRow.objects.get(kind=send_waiting_stopped.kind).subject_id == change.payment_id


def test_it_does_not_come_back(undecided, officer, at):
    late = at + timedelta(days=30)
    stop(undecided, officer, late)
    assert enquiries.open_overdue_cases(at=late) == 0
    assert not any(found.subject == undecided.payment.reference for found in broken(late))


def broken(at):
    return invariants.check_invariants(at=at + timedelta(hours=1))


def test_good_news_after_that_still_credits(undecided, officer, at):
    late = at + timedelta(days=4)
    stop(undecided, officer, late)
    tell(undecided.payment, at=late)
    assert Receipt.objects.get().payment_reference == undecided.payment.reference


def test_it_is_not_explained_away(undecided, officer, at):
    with pytest.raises(cases.StillUndecided, match="berhenti menunggu"):
        cases.close_case(case=undecided, reason="Jelas", by=officer, at=at)
    tell(undecided.payment, "51")
    cases.close_case(case=undecided, reason="Jelas", by=officer, at=at)


@pytest.mark.parametrize("code", ["00", "51"])
def test_what_was_decided_is_waited_for_no_more(undecided, officer, at, code):
    tell(undecided.payment, code)
    with pytest.raises(payment_undecided.NothingUndecided):
        stop(undecided, officer, at)


def test_only_a_case_about_it_gives_up_a_payment(case, officer, at):
    with pytest.raises(payment_undecided.NothingUndecided):
        stop(case, officer, at)


# --- a rejection after payment ---------------------------------------------------------------
def test_a_rejection_with_cover_asks_finance_once(contribution, officer, at):
    payment = make_payment(contribution, "succeeded")
    registration = contribution.registration
    registration.refresh_from_db()
    decide(registration, "rejected", officer)
    (case,) = cases.open_refund_case(registration=registration, by=officer, at=at)
    assert (case.kind, case.payment) == ("rejected_paid", payment)
    assert cases.open_refund_case(registration=registration, by=officer, at=at) == []
    told = OutboxRow.objects.get(kind="payments.send_rejected_paid")
    assert told.subject_id == case.pk
    assert AuditEvent.objects.filter(action="refund_case_opened", by=officer).count() == 1
    assert not Alarm.objects.filter(kind="payment_rejected_paid").exists()


def test_the_payer_is_told_that_finance_looks_at_his_money(payment, aminah, at):
    case = open_case(kind=PaymentCase.Kind.REJECTED_PAID, payment=payment, at=at)
    send_rejected_paid.handler(case.pk, at=at)
    (letter,) = mail.outbox
    assert letter.to == [aminah.email]
    assert "Perlindungan yang telah dibayar kekal" in letter.body


@pytest.mark.parametrize(
    ("kind", "refund", "is_news"),
    [
        ("rejected_paid", None, True),  # he was told that it is being checked
        ("rejected_paid", "refused", True),
        ("credit_code", None, False),
        ("credit_code", "refused", True),
    ],
)
def test_that_his_money_does_not_go_back_is_told_to_who_waits_for_it(
    contribution, officer, at, kind, refund, is_news
):
    payment = make_payment(contribution, "succeeded")
    case = open_case(kind=kind, payment=payment, at=at)
    if refund:
        make_refund(case, refund)
    case.refresh_from_db()
    cases.close_case(case=case, reason="Jelas", by=officer, at=at)
    assert OutboxRow.objects.filter(kind=send_money_kept.kind).exists() == is_news


def test_the_letter_says_that_cover_stands(contribution, aminah, at):
    payment = make_payment(contribution, "succeeded")
    case = open_case(kind=PaymentCase.Kind.REJECTED_PAID, payment=payment, at=at)
    send_money_kept.handler(case.pk, at=at)
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == ([aminah.email], "Semakan wang anda telah selesai")
    assert "Wang ini tidak dipulangkan" in letter.body
    assert "Perlindungan yang telah dibayar kekal" in letter.body


def test_cover_that_has_ended_is_no_case(contribution, officer, at):
    make_payment(contribution, "succeeded")
    after = at + timedelta(days=40)
    opened = cases.open_refund_case(registration=contribution.registration, by=officer, at=after)
    assert opened == []


def test_what_was_never_paid_is_no_case(payment, officer, at):
    registration = payment.contribution.registration
    assert cases.open_refund_case(registration=registration, by=officer, at=at) == []
