"""Messages that come at the same moment, on real connections.

Whoever holds a lock takes his time until another one waits for it, so that they are sure to meet.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Event

import pytest
from django.db import connection, connections, transaction

from accounts.models import User
from contributions.models import Contribution, CoveragePeriod
from contributions.services import contributing, plans
from payments.models import GatewayMessage, Payment, PaymentCase
from payments.services import attempts, cases, double_payments, enquiries, refunds
from payments.services.cases import open_case
from receipts.models import Receipt
from receipts.services import issuing
from registration.models import Registration
from registration.services import drafts, submission
from tests.factories import (
    AT,
    get_rate,
    make_banks,
    make_contribution,
    make_double_payment,
    make_officer,
    make_payment,
    make_registration,
    make_user,
    tell,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def slow_crediting(monkeypatch):
    """Whoever credits takes his time."""
    issue_receipt = issuing.issue_receipt

    def issue_slowly(**facts):
        until_another_waits()
        return issue_receipt(**facts)

    monkeypatch.setattr(issuing, "issue_receipt", issue_slowly)


def until_another_waits(seconds=3):
    """Returns once another connection waits for what this one has locked, or so much later."""
    waits = "SELECT 1 FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    deadline = time.monotonic() + seconds
    with connection.cursor() as cursor:
        while time.monotonic() < deadline and not cursor.execute(waits).fetchone():
            time.sleep(0.02)


def at_once(*acts):
    """Runs the acts in threads of their own, all at the same moment; returns what they return."""
    barrier = Barrier(len(acts))

    def run(act):
        barrier.wait()
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def test_two_messages_credit_once(payment):
    messages = at_once(
        lambda: tell(payment, channel="callback"),
        lambda: tell(payment, channel="return"),
        lambda: tell(payment, channel="callback"),
    )
    assert sorted(message.verdict for message in messages) == ["accepted", "repeated", "repeated"]
    assert Receipt.objects.count() == CoveragePeriod.objects.count() == 1
    assert payment.status_changes.count() == 1


def test_two_payments_of_one_contribution_are_one_receipt_and_a_case(contribution, payment, at):
    tell(payment, "09", channel="enquiry", at=at + timedelta(minutes=20))
    second = make_payment(contribution, at=at + timedelta(minutes=25))
    at_once(lambda: tell(payment), lambda: tell(second))
    assert set(Payment.objects.values_list("status", flat=True)) == {"succeeded"}
    assert not GatewayMessage.objects.unjudged().exists()
    assert Receipt.objects.count() == CoveragePeriod.objects.count() == 1
    assert PaymentCase.objects.filter(kind="double_payment").count() == 1


def of_another_person(contribution):
    return make_contribution(make_registration(make_user("Boon bin Chandran")))


@pytest.mark.parametrize("other", [lambda contribution: contribution, of_another_person])
def test_one_transaction_for_two_orders_is_credited_once(contribution, at, other):
    """Of one person the locks see to it, of two the constraint alone."""
    first = make_payment(contribution, "failed")
    second = make_payment(other(contribution), at=at + timedelta(hours=1))
    transaction_id = "2611221000300001"
    at_once(
        lambda: tell(first, transaction_id=transaction_id),
        lambda: tell(second, transaction_id=transaction_id),
    )
    enquiries.judge_left_over(at=at + timedelta(days=1))
    assert Payment.objects.filter(status="succeeded").count() == Receipt.objects.count() == 1
    assert GatewayMessage.objects.filter(verdict="anomaly").count() == 1


def test_money_buys_a_period_or_goes_back_whichever_case_it_hangs_on(
    contribution, aminah, at, monkeypatch
):
    double = make_double_payment(contribution)
    other = open_case(kind=PaymentCase.Kind.CREDIT_CODE, payment=double.payment, at=at)
    officer, later = make_officer(), at + timedelta(hours=1)

    def choose():
        with suppress(cases.CaseNotOpen):
            return double_payments.choose_next_period(case=double, by=aminah, at=later)

    def refund():
        facts = {"amount": Decimal("13.10"), "reason": "x", "by": officer, "at": later}
        with suppress(refunds.NothingToRefund):
            return refunds.request_refund(case=other, **facts)

    is_asked = Event()
    monkeypatch.setattr(double_payments, "may_choose", slowly(double_payments.may_choose, is_asked))
    monkeypatch.setattr(refunds, "refundable", slowly(refunds.refundable, is_asked))
    assert sorted(map(bool, at_once(choose, refund))) == [False, True]


def slowly(act, is_asked):
    """The same, but whoever asks first takes his time over what he was told."""

    def answer(**facts):
        told = act(**facts)
        if not is_asked.is_set():
            is_asked.set()
            until_another_waits()
        return told

    return answer


def test_two_presses_begin_one_attempt(contribution, at):
    bank = make_banks()

    def start():
        try:
            return attempts.start_payment(
                contribution=contribution, bank=bank, buyer_email="", at=at
            )
        except attempts.AttemptUndecided as undecided:
            return undecided.payment

    assert len(set(at_once(start, start))) == 1
    assert Payment.objects.count() == 1


def test_what_somebody_begins_to_pay_is_not_dropped_meanwhile(
    contribution, aminah, at, monkeypatch
):
    """The other choice comes after the attempt has locked what is owed, before it is committed."""
    bank, is_held = make_banks(), Event()
    hold_contribution = contributing.hold_contribution

    def hold_slowly(**facts):
        hold_contribution(**facts)
        is_held.set()
        until_another_waits()

    monkeypatch.setattr(contributing, "hold_contribution", hold_slowly)

    def choose_another():
        is_held.wait(timeout=10)
        registration = Registration.objects.get(pk=contribution.registration_id)
        with pytest.raises(contributing.ContributionHeld):
            contributing.submit_and_pay(registration=registration, by=aminah, at=at)
        return True

    plans.choose_plan(registration=contribution.registration, rate=get_rate(1, 12), at=at)
    began, was_refused = at_once(
        lambda: attempts.start_payment(contribution=contribution, bank=bank, buyer_email="", at=at),
        choose_another,
    )
    contribution.refresh_from_db()
    assert (contribution.status, began.status, was_refused) == ("open", "started", True)


def test_a_success_while_it_expires_is_paid(payment, at):
    tell(payment, "76", channel="enquiry", at=at + timedelta(minutes=20))
    at_once(
        lambda: tell(payment, at=at + timedelta(minutes=21)),
        lambda: enquiries.expire_unseen(at=at + timedelta(minutes=21)),
    )
    assert Payment.objects.get().status == "succeeded"
    assert Receipt.objects.count() == 1


def test_one_anomaly_many_times_at_once_opens_one_case(payment):
    messages = at_once(*[lambda: tell(payment, txnAmount="1.00")] * 4)
    assert {message.verdict for message in messages} == {"anomaly"}
    assert PaymentCase.objects.count() == 1


def test_an_unknown_order_many_times_at_once_opens_one_case(payment):
    messages = at_once(*[lambda: tell(payment, sellerExOrderNo="2611220000000000")] * 4)
    assert {message.verdict for message in messages} == {"anomaly"}
    assert PaymentCase.objects.count() == 1


# --- one order of locks (docs/locks.md) -----------------------------------------------------
def press(registration):
    """ "Hantar & bayar" in one of several tabs, or pressed again."""
    mine = Registration.objects.select_related("user").get(pk=registration.pk)
    with suppress(contributing.NextPeriodAlreadyBought):
        return contributing.submit_and_pay(registration=mine, by=mine.user, at=AT)


def test_three_presses_of_submit_and_pay_end_in_one_sum_owed(aminah, monkeypatch):
    """The second waits while the first owes; the third comes when the first has committed."""
    registration = make_registration(aminah)
    plans.choose_plan(registration=registration, rate=get_rate(), at=AT)
    start_contribution, first_is_in, first_is_out = (
        contributing.start_contribution,
        Event(),
        Event(),
    )

    def start_slowly(**facts):
        first_is_in.set()
        until_another_waits()
        return start_contribution(**facts)

    monkeypatch.setattr(contributing, "start_contribution", start_slowly)

    def first():
        try:
            return press(registration)
        finally:
            first_is_out.set()

    def second():
        first_is_in.wait(timeout=10)
        return press(registration)

    def third():
        first_is_out.wait(timeout=10)
        return press(registration)

    assert len(set(at_once(first, second, third))) == 1
    assert Contribution.objects.count() == 1


@pytest.mark.parametrize("is_choice_first", [True, False])
def test_the_next_period_chosen_while_another_plan_is_submitted(
    contribution, aminah, monkeypatch, is_choice_first
):
    """Two tabs: what becomes of money paid twice in one, "Hantar & bayar" in the other."""
    double = make_double_payment(contribution)
    registration = Registration.objects.get(pk=contribution.registration_id)
    plans.choose_plan(registration=registration, rate=get_rate(2), at=AT)
    is_in = Event()

    def slow(act):
        def acted(*args, **facts):
            done = act(*args, **facts)
            is_in.set()
            until_another_waits()
            return done

        return acted

    if is_choice_first:
        monkeypatch.setattr(contributing, "_lock_open", slow(contributing._lock_open))
    else:
        submission = contributing.submission
        monkeypatch.setattr(submission, "submit_registration", slow(submission.submit_registration))

    def choose():
        if not is_choice_first:
            is_in.wait(timeout=10)
        return double_payments.choose_next_period(
            case=double, by=aminah, at=AT + timedelta(hours=1)
        )

    def submit():
        if is_choice_first:
            is_in.wait(timeout=10)
        press(registration)
        return True

    receipt, _ = at_once(choose, submit)
    assert receipt.contribution.status == "paid"
    assert Contribution.objects.filter(status="paid").count() == 2
    assert Contribution.objects.open().count() <= 1


@pytest.mark.parametrize("model", [User, Registration])
def test_what_comes_earlier_in_the_order_is_locked_first(contribution, model):
    """One statement locks the registration and what is owed: the second while it has the first."""
    others = {Registration, Contribution} - {model}
    is_held = Event()

    def hold():
        with transaction.atomic():
            list(model.objects.select_for_update(no_key=True))
            is_held.set()
            until_another_waits()
            return [list(one.objects.select_for_update(skip_locked=True)) for one in others]

    def lock():
        is_held.wait(timeout=10)
        with transaction.atomic():
            return attempts.lock_contribution(contribution.pk)

    free, locked = at_once(hold, lock)
    assert all(free)
    assert locked == contribution


def test_an_officer_who_rejects_while_it_is_credited_waits(payment, monkeypatch):
    """The registration is locked from before it is looked at until the money is credited."""
    registration, is_in = payment.contribution.registration, Event()
    queue_for_review = submission.queue_for_review

    def queue_slowly(**facts):
        is_in.set()
        until_another_waits()
        return queue_for_review(**facts)

    monkeypatch.setattr(submission, "queue_for_review", queue_slowly)

    def reject():
        is_in.wait(timeout=10)
        rows = Registration.objects.filter(pk=registration.pk)
        with transaction.atomic():
            drafts.lock(registration)
            is_paid = Receipt.objects.exists()
            rows.update(status="rejected", reason="wrong_document")
        return is_paid

    message, is_paid = at_once(lambda: tell(payment), reject)
    assert (message.verdict, is_paid) == ("accepted", True)
    assert not PaymentCase.objects.exists()


def test_two_accounts_of_one_person_wait_for_each_other(payment, aminah, at, monkeypatch):
    """Late money of an account that was closed, and money of the one opened after it."""
    User.objects.filter(pk=aminah.pk).update(closed_at=at, is_active=False)
    again = make_user(ic_number=aminah.ic_number)
    second = make_payment(make_contribution(make_registration(again)))
    at_once(lambda: tell(payment), lambda: tell(second))
    enquiries.judge_left_over(at=at + timedelta(hours=1))
    first, last = CoveragePeriod.objects.order_by("coverage_starts_at")
    assert last.coverage_starts_at == first.coverage_ends_at
