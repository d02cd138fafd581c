"""What the bank says moves the payment once, whatever the order in which the news comes."""

from datetime import timedelta
from itertools import permutations

import pytest

from contributions.models import CoveragePeriod
from foundation.alarms import Alarm
from foundation.outbox import OutboxRow
from payments.fpx.codes import MEANINGS
from payments.meaning import Kind
from payments.models import GatewayMessage, Payment, PaymentCase
from payments.services import attempts
from receipts.models import Receipt
from registration.models import Registration
from tests.factories import make_banks, make_payment, tell

CHANNELS = list(GatewayMessage.Channel)


def state(payment):
    payment.refresh_from_db()
    return payment.status


def is_credited_once(payment):
    """One success, one receipt, one period, all of one payment."""
    receipt = Receipt.objects.get()
    period = CoveragePeriod.objects.get()
    return (
        state(payment) == "succeeded"
        and receipt.payment_reference == payment.reference
        and receipt.issued_at == period.coverage_starts_at
        and receipt.contribution == period.contribution == payment.contribution
        and payment.status_changes.filter(to_status="succeeded").count() == 1
    )


def told(kind):
    """The outbox rows of one task."""
    return OutboxRow.objects.filter(kind=f"payments.{kind}")


# --- a success -----------------------------------------------------------------------------
def test_a_success_settles_all_at_once(payment, at):
    tell(payment, "00", at=at + timedelta(minutes=2))
    assert is_credited_once(payment)
    receipt = Receipt.objects.get()
    assert receipt.issued_at == at + timedelta(minutes=2)
    assert receipt.fpx_transaction_id == payment.fpx_transaction_id
    assert receipt.fpx_transaction_at == payment.fpx_transaction_at == at + timedelta(seconds=30)
    assert receipt.bank_name == "SBI Bank A"
    assert payment.credited_at == at + timedelta(minutes=2)
    assert payment.next_enquiry_at is None
    payment.contribution.refresh_from_db()
    assert payment.contribution.status == "paid"
    assert payment.contribution.held_at is None
    assert payment.contribution.registration.queued_at is not None


@pytest.mark.parametrize("order", list(permutations(CHANNELS)))
def test_c21_callback_return_and_enquiry_in_any_order_settle_once(payment, at, order):
    verdicts = [
        tell(payment, "00", channel=channel, at=at + timedelta(minutes=minute)).verdict
        for minute, channel in enumerate(order, start=1)
    ]
    assert verdicts == ["accepted", "repeated", "repeated"]
    assert is_credited_once(payment)
    assert Receipt.objects.get().issued_at == at + timedelta(minutes=1)


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_thousand_copies_are_one(payment, channel):
    verdicts = [tell(payment, "00", channel=channel).verdict for _ in range(10)]
    assert verdicts == ["accepted"] + ["repeated"] * 9
    assert is_credited_once(payment)


def test_a_repetition_says_so_in_the_log(payment, caplog):
    caplog.set_level("INFO", logger="payments")
    tell(payment, "00")
    tell(payment, "00", channel="return")
    assert "credited before, nothing changed" in caplog.text
    assert payment.reference in caplog.text
    assert "BUYER" not in caplog.text


def test_c18_later_messages_do_not_move_the_moment(payment, at):
    tell(payment, "00", fpx_at=at, at=at + timedelta(minutes=2, seconds=20))
    tell(payment, "00", fpx_at=at, at=at + timedelta(minutes=5), channel="return")
    assert Receipt.objects.get().issued_at == at + timedelta(minutes=2, seconds=20)


def test_c19_a_late_success_starts_a_quarter_of_an_hour_after_fpx_time(payment, at):
    fpx_at = at + timedelta(seconds=20)
    tell(payment, "09", fpx_at=fpx_at)
    assert not CoveragePeriod.objects.exists()
    tell(payment, "00", fpx_at=fpx_at, channel="enquiry", at=at + timedelta(minutes=30))
    assert Receipt.objects.get().issued_at == fpx_at + timedelta(minutes=15)


def test_c19b_an_enquiry_alone_counts_from_when_it_was_answered(payment, at):
    answered_at = at + timedelta(minutes=5, seconds=10)
    tell(payment, "00", fpx_at=at + timedelta(seconds=20), channel="enquiry", at=answered_at)
    assert Receipt.objects.get().issued_at == answered_at


@pytest.mark.parametrize("before", [[], ["51"]])
def test_c19c_whoever_authorised_later_is_covered_from_then(payment, at, before):
    later = at + timedelta(days=2, hours=6)
    for code in [*before, "99"]:
        tell(payment, code, at=at + timedelta(minutes=1))
    tell(payment, "00", fpx_at=at + timedelta(seconds=20), at=later)
    assert Receipt.objects.get().issued_at == later
    assert payment.contribution.payments.get().authorisation_pending_at is not None


@pytest.mark.parametrize(
    ("fpx", "stored", "moment"), [(4, 1, 1), (-3, 10, 10), (-3, 60, 15), (-60 * 24, 60, 15)]
)
def test_a_wrong_clock_settles_in_time_and_is_a_case(payment, at, fpx, stored, moment):
    fpx_at, stored_at = (at + timedelta(minutes=minutes) for minutes in (fpx, stored))
    tell(payment, "00", fpx_at=fpx_at, at=stored_at)
    assert is_credited_once(payment)
    assert Receipt.objects.get().issued_at == at + timedelta(minutes=moment)
    assert "cannot be right" in PaymentCase.objects.get(kind="anomaly").detail


@pytest.mark.parametrize("time", ["", "20261122", "20261322100030", "semalam pagi 9"])
def test_a_success_without_a_time_settles_and_is_a_case(payment, at, time):
    tell(payment, "00", fpxTxnTime=time, at=at + timedelta(hours=1))
    assert Receipt.objects.get().issued_at == at + timedelta(hours=1)
    assert PaymentCase.objects.filter(kind="anomaly").exists()


@pytest.mark.parametrize(("credit", "is_odd"), [("00", False), ("", False), ("88", True)])
def test_an_odd_credit_code_is_a_success_and_a_case(payment, credit, is_odd):
    tell(payment, "00", credit=credit)
    assert is_credited_once(payment)
    assert PaymentCase.objects.filter(kind="credit_code").exists() == is_odd


@pytest.mark.parametrize("status", ["failed", "expired"])
def test_good_news_after_all_is_credited_as_a_correction(factories, contribution, at, status):
    payment = make_payment(contribution, status)
    tell(payment, "00", at=at + timedelta(days=7))
    assert is_credited_once(payment)
    assert "correction" in payment.status_changes.last().note
    assert Receipt.objects.get().issued_at == at + timedelta(minutes=15, seconds=30)


def test_a_success_without_a_transaction_is_not_credited(payment):
    assert tell(payment, "00", fpxTxnId="").verdict == "anomaly"
    assert state(payment) == "started"


def test_each_transaction_is_credited_once(factories, contribution, at):
    first = make_payment(contribution, "failed")
    second = make_payment(contribution, at=at + timedelta(hours=1))
    tell(first, "00", transaction_id="2611221000300001")
    message = tell(second, "00", transaction_id="2611221000300001")
    assert message.verdict == "anomaly"
    assert is_credited_once(first)
    assert state(second) == "started"


def test_a_second_transaction_for_one_order_is_an_anomaly(payment):
    tell(payment, "00")
    message = tell(payment, "00", transaction_id="2611229999999999")
    assert message.verdict == "anomaly"
    assert is_credited_once(payment)


def test_nothing_unpays(payment):
    tell(payment, "00")
    verdicts = {code: tell(payment, code).verdict for code in ["51", "1C", "XE", "76", "09", "99"]}
    assert is_credited_once(payment)
    assert verdicts == {
        "51": "anomaly",
        "1C": "anomaly",
        "XE": "anomaly",
        "76": "anomaly",
        "09": "repeated",
        "99": "repeated",
    }


# --- paid twice ----------------------------------------------------------------------------
@pytest.fixture
def second(factories, contribution, payment, at):
    """The bank still waited after twenty minutes, so he began again."""
    tell(payment, "09", channel="enquiry", at=at + timedelta(minutes=20))
    return make_payment(contribution, at=at + timedelta(minutes=25))


@pytest.mark.parametrize("is_first_first", [True, False])
def test_c22_two_successes_are_one_receipt_and_a_case(payment, second, at, is_first_first):
    one, other = (payment, second) if is_first_first else (second, payment)
    tell(one, "00", at=at + timedelta(minutes=26))
    message = tell(other, "00", at=at + timedelta(minutes=27))
    assert message.verdict == "accepted"
    assert state(other) == "succeeded"
    assert is_credited_once(one)
    case = PaymentCase.objects.get(kind="double_payment")
    assert case.payment == other
    assert Alarm.objects.filter(kind="payment_double_payment", key=other.reference).exists()
    assert told("send_double_payment").get().subject_id == other.pk
    assert told("send_double_payment_sms").count() == 1


def test_the_second_success_repeated_opens_no_second_case(payment, second):
    tell(payment, "00")
    tell(second, "00")
    assert tell(second, "00", channel="return").verdict == "repeated"
    assert PaymentCase.objects.filter(kind="double_payment").count() == 1


def test_the_contribution_is_held_until_both_are_decided(contribution, payment, second):
    tell(payment, "51")
    contribution.refresh_from_db()
    assert contribution.is_held
    tell(second, "51")
    contribution.refresh_from_db()
    assert not contribution.is_held


# --- pending -------------------------------------------------------------------------------
@pytest.mark.parametrize("code", ["09", "99", ""])
@pytest.mark.parametrize(("channel", "is_mailed"), [("callback", True), ("enquiry", False)])
def test_the_bank_has_not_decided(payment, code, channel, is_mailed):
    assert tell(payment, code, channel=channel).verdict == "accepted"
    assert state(payment) == "pending"
    assert not Receipt.objects.exists()
    assert payment.next_enquiry_at is not None
    assert told("send_payment_outcome").exists() == is_mailed


def test_pending_again_changes_nothing(payment):
    tell(payment, "09")
    assert tell(payment, "09", channel="return").verdict == "repeated"
    assert payment.status_changes.count() == 1


@pytest.mark.parametrize("status", ["failed", "expired"])
def test_stale_news_does_not_revive(contribution, status):
    payment = make_payment(contribution, status)
    assert tell(payment, "09").verdict == "repeated"
    assert state(payment) == status


# --- a no ----------------------------------------------------------------------------------
# One code for each pair of kind and reason.
FAILING = {
    (meaning.kind, meaning.reason): code
    for code, meaning in MEANINGS.items()
    if meaning.kind in {Kind.FAILED, Kind.UNSURE, Kind.FAULT, Kind.UNSEEN}
}.values()


@pytest.mark.parametrize("code", [*FAILING, "ZZ"])
def test_c20_a_no_pays_nothing(payment, code):
    assert tell(payment, code).verdict == "accepted"
    assert state(payment) == "failed"
    assert payment.debit_code == code
    assert not Receipt.objects.exists()
    assert not CoveragePeriod.objects.exists()
    payment.contribution.refresh_from_db()
    assert payment.contribution.status == "open"
    # While FPX is asked once more about an unsure "no", the plan stays as it is.
    assert payment.contribution.is_held == Payment.objects.get().is_unsure


@pytest.mark.parametrize(("code", "is_mailed"), [("51", True), ("1C", False), ("BC", False)])
def test_a_no_is_mailed_but_to_whoever_cancelled(payment, code, is_mailed):
    tell(payment, code)
    assert told("send_payment_outcome").exists() == is_mailed


@pytest.mark.parametrize(("code", "kind"), [("ZZ", "fpx_unknown_code"), ("XE", "fpx_fault")])
def test_operators_hear_of_codes_that_should_not_come(payment, code, kind):
    tell(payment, code)
    assert Alarm.objects.get(kind=kind).key == code


def test_an_unsure_no_is_asked_about_once_more_at_once(payment, at):
    tell(payment, "1A", at=at + timedelta(minutes=9))
    payment.refresh_from_db()
    assert payment.is_unsure
    assert payment.next_enquiry_at == at + timedelta(minutes=9)
    tell(payment, "1A", channel="enquiry", at=at + timedelta(minutes=10))
    payment.refresh_from_db()
    assert not payment.is_unsure
    assert state(payment) == "failed"


def test_fpx_not_having_seen_it_confirms_an_unsure_no(payment):
    tell(payment, "1A")
    tell(payment, "76", channel="enquiry")
    payment.refresh_from_db()
    assert (payment.status, payment.is_unsure) == ("failed", False)


def test_a_no_after_we_stopped_waiting_ends_the_asking(contribution):
    payment = make_payment(contribution, "expired")
    assert payment.next_enquiry_at is not None
    assert tell(payment, "51").verdict == "repeated"
    payment.refresh_from_db()
    assert (payment.status, payment.next_enquiry_at) == ("expired", None)


@pytest.mark.parametrize("code", ["45", "XN", "XO"])
def test_a_duplicate_says_nothing_of_the_order_but_is_asked_about(payment, at, code):
    tell(payment, code, at=at + timedelta(minutes=1))
    assert state(payment) == "started"
    assert payment.next_enquiry_at == at + timedelta(minutes=1)
    assert Alarm.objects.get(kind="fpx_fault").key == code


def test_unseen_at_first_is_no_failure(payment):
    tell(payment, "76", channel="enquiry")
    assert state(payment) == "started"
    assert payment.enquiry_code == "76"


def test_a_duplicate_of_a_decided_one_changes_nothing(contribution):
    payment = make_payment(contribution, "failed")
    tell(payment, "XN")
    assert state(payment) == "failed"
    assert payment.next_enquiry_at is None


def test_an_unsure_no_after_we_stopped_waiting_keeps_asking(contribution):
    payment = make_payment(contribution, "expired")
    asked_at = payment.next_enquiry_at
    tell(payment, "1A")
    assert state(payment) == "expired"
    assert payment.next_enquiry_at == asked_at


def test_a_message_about_another_bank_than_chosen_is_no_success(contribution, at):
    make_banks()
    payment = attempts.start_payment(
        contribution=contribution, bank=make_banks(), buyer_email="", at=at
    )
    assert tell(payment, "00", buyerBankId="RHB0218").verdict == "anomaly"
    assert Payment.objects.get().status == "started"


# --- what an officer did meanwhile ---------------------------------------------------------
def test_a_rejection_that_is_committed_while_it_settles_is_for_finance(payment, monkeypatch):
    """Until the registration is locked; then the officer waits: test_crediting_at_once."""
    lock_contribution = attempts.lock_contribution

    def lock_after_a_rejection(pk):
        Registration.objects.update(status="rejected", reason="wrong_document")
        return lock_contribution(pk)

    monkeypatch.setattr(attempts, "lock_contribution", lock_after_a_rejection)
    tell(payment)
    assert Receipt.objects.count() == 1
    assert PaymentCase.objects.get().kind == "rejected_paid"


def test_money_for_a_registration_rejected_meanwhile_is_for_finance(payment, at):
    registration = payment.contribution.registration
    Registration.objects.filter(pk=registration.pk).update(
        status="rejected", reason="wrong_document"
    )
    for _copy in range(2):
        tell(payment, at=at + timedelta(minutes=2))
    assert Receipt.objects.count() == 1
    case = PaymentCase.objects.get()
    assert (case.kind, case.payment) == ("rejected_paid", payment)
    assert Alarm.objects.filter(kind="payment_rejected_paid", key=payment.reference).exists()
    assert OutboxRow.objects.filter(kind="payments.send_rejected_paid", subject_id=case.pk).exists()
