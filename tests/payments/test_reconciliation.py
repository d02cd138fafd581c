"""A day held against the acquirer's file: every line that does not fit is a case, nothing else."""

import os
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from foundation.alarms import Alarm, clear_alarm
from foundation.audit import AuditEvent
from payments import settlement_file
from payments.models import Payment, PaymentCase, SettlementFile, SettlementLine
from payments.services import cases, reconciliation, settled_days
from receipts.models import Receipt
from tests.factories import (
    make_contribution,
    make_officer,
    make_payment,
    make_refund,
    make_registration,
    make_settlement_file,
    make_user,
    settlement_line,
    tell,
)

DAY = timedelta(days=1)


@pytest.fixture
def paid(contribution):
    return make_payment(contribution, "succeeded")


def read(*lines, at, name="hari.csv", by=None):
    raw = make_settlement_file(*lines)
    return reconciliation.record_settlement_file(raw=raw, name=name, at=at + DAY, by=by)


def verdicts():
    return list(SettlementLine.objects.values_list("verdict", flat=True))


def test_a_line_that_fits_is_no_case(paid, at):
    file = read(settlement_line(paid), at=at)
    assert verdicts() == ["matched"]
    assert SettlementLine.objects.get().payment == paid
    assert (file.line_count, file.amount) == (1, Decimal("13.10"))
    assert not PaymentCase.objects.exists()


def test_the_file_is_kept_whole(paid, at):
    raw = make_settlement_file(settlement_line(paid))
    officer = make_officer()
    reconciliation.record_settlement_file(raw=raw, name="../a/hari.csv", at=at + DAY, by=officer)
    file = SettlementFile.objects.get()
    assert file.content.encode() == raw
    assert (file.name, file.uploaded_by) == ("hari.csv", officer)
    assert AuditEvent.objects.get(action="settlement_file_read").by == officer


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"order": "261122ZZZZZZZZZZ"}, "unknown"),
        ({"amount": "13.09"}, "amount"),
        ({"amount": "13.11"}, "amount"),
        ({"transaction": "2611229999999999"}, "transaction"),
    ],
)
def test_every_line_that_does_not_fit_is_a_case(paid, at, changes, verdict):
    read(settlement_line(paid), settlement_line(paid, number=1, **changes), at=at)
    assert verdicts() == ["matched", verdict]
    case = PaymentCase.objects.get()
    assert case.kind == "settlement"
    assert verdict in case.detail
    assert case.payment == (None if verdict == "unknown" else paid)
    assert Alarm.objects.filter(kind="payment_settlement").exists()


def test_a_transaction_that_stands_twice_is_a_case(paid, at):
    read(settlement_line(paid), settlement_line(paid), at=at)
    assert verdicts() == ["matched", "twice"]
    assert PaymentCase.objects.count() == 1


@pytest.mark.parametrize("status", [one for one in Payment.Status if one != "succeeded"])
def test_what_we_do_not_call_paid_is_asked_about_and_never_credited(contribution, at, status):
    payment = make_payment(contribution, status)
    read(settlement_line(payment), at=at)
    payment.refresh_from_db()
    assert verdicts() == ["unpaid"]
    assert (payment.status, payment.next_enquiry_at) == (status, at + DAY)
    assert payment in Payment.objects.to_enquire(at + DAY)
    assert not Receipt.objects.exists()
    assert PaymentCase.objects.get().payment == payment


def test_then_the_enquiry_credits_it_as_always(contribution, at):
    payment = make_payment(contribution, "expired")
    read(settlement_line(payment), at=at)
    tell(payment, channel="enquiry", at=at + DAY)
    assert Payment.objects.get().status == "succeeded"
    assert Receipt.objects.get().payment_reference == payment.reference


def test_our_success_that_no_file_names_is_a_case(paid, at):
    file = read(at=at)
    assert list(reconciliation.missing_payments(file=file)) == [paid]
    case = PaymentCase.objects.get()
    assert (case.kind, case.payment) == ("settlement", paid)
    assert "2026-11-22" in case.detail


@pytest.mark.parametrize("days", [-1, 1])
def test_a_success_of_another_day_is_not_missed(contribution, at, days):
    make_payment(contribution, "succeeded", at=at + days * DAY)
    read(at=at)
    assert not PaymentCase.objects.exists()


def test_the_same_file_twice_changes_nothing(paid, at):
    first = read(settlement_line(paid, amount="13.09"), at=at)
    again = read(settlement_line(paid, amount="13.09"), at=at + DAY, name="lain.csv")
    assert again == first
    counts = [model.objects.count() for model in (SettlementFile, SettlementLine, PaymentCase)]
    assert counts == [1, 1, 1]


def test_a_corrected_file_repeats_what_fitted_and_names_what_was_missing(paid, at):
    other = make_payment(make_contribution(make_registration(make_user("Boon"))), "succeeded")
    first = read(settlement_line(paid), at=at)
    assert list(reconciliation.missing_payments(file=first)) == [other]
    read(settlement_line(paid), settlement_line(other), at=at)
    assert sorted(verdicts()) == ["matched", "matched", "repeated"]
    assert not reconciliation.missing_payments(file=first).exists()
    assert PaymentCase.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"seller": "SE00000001"}, "penjual lain"), ({"day": "20261201"}, "belum tiba")],
)
def test_a_file_that_is_not_ours_is_refused(db, at, changes, words):
    raw = make_settlement_file(**changes)
    with pytest.raises(settlement_file.NotASettlementFile, match=words):
        reconciliation.record_settlement_file(raw=raw, name="x.csv", at=at)
    assert not SettlementFile.objects.exists()


@pytest.mark.parametrize("table", ["payments_settlementfile", "payments_settlementline"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET amount = 1", "DELETE FROM {}"])
def test_files_and_lines_only_grow(paid, at, table, sql):
    read(settlement_line(paid), at=at)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(table))


def test_a_long_file_takes_no_more_queries(paid, at):
    lines = [
        settlement_line(paid, number=n, order=f"X{n}", transaction=str(n)) for n in range(1, 60)
    ]
    with CaptureQueriesContext(connection) as few:
        read(settlement_line(paid), at=at)
    fitting = [settlement_line(paid)]
    with CaptureQueriesContext(connection) as many:
        read(*fitting, at=at, name="x")
    assert len(many) == 1  # known by its hash
    file = read(*fitting, *lines, at=at)
    assert file.line_count == 60
    assert len(few) <= 12


# --- the clock ---------------------------------------------------------------------------------
@pytest.fixture
def inbox(settings, tmp_path):
    settings.SETTLEMENT_INBOX = str(tmp_path)
    return tmp_path


def test_the_clock_reads_what_the_acquirer_left(paid, inbox, at):
    (inbox / "hari.csv").write_bytes(make_settlement_file(settlement_line(paid)))
    (inbox / "nota.txt").write_bytes(b"bukan")
    for _run in range(2):
        reconciliation.collect_settlement_files(at=at + DAY)
    assert SettlementFile.objects.get().uploaded_by is None
    assert not Alarm.objects.filter(kind="settlement_file").exists()


def test_one_that_cannot_be_read_alarms_and_holds_up_nobody(paid, inbox, at):
    (inbox / "a.csv").write_bytes(b"rosak")
    (inbox / "b.csv").write_bytes(make_settlement_file(settlement_line(paid)))
    assert reconciliation.collect_settlement_files(at=at + DAY) == 1
    assert Alarm.objects.get(kind="settlement_file").key == "a.csv"


def test_a_success_that_comes_after_its_days_file_is_a_case(contribution, inbox, at):
    """The file of the day does not name it: nobody but us says that the money came."""
    payment = make_payment(contribution, "expired")
    reconciliation.record_settlement_file(raw=make_settlement_file(), name="hari.csv", at=at + DAY)
    tell(payment, at=at + DAY + timedelta(hours=1))
    for _run in range(2):
        reconciliation.collect_settlement_files(at=at + DAY + timedelta(hours=2))
    case = PaymentCase.objects.get(kind="settlement")
    assert (case.payment, case.detail) == (payment, "missing=2026-11-22")
    cases.close_case(case=case, reason="Disemak", by=make_officer(), at=at + 2 * DAY)
    reconciliation.collect_settlement_files(at=at + 2 * DAY)
    assert not PaymentCase.objects.exclude(status="closed").exists()


def test_a_name_in_no_alphabet_holds_up_nobody(paid, inbox, at):
    (inbox / os.fsdecode(b"a\xff.csv")).write_bytes(b"rosak")
    (inbox / "b.csv").write_bytes(make_settlement_file(settlement_line(paid)))
    assert reconciliation.collect_settlement_files(at=at) == 1
    assert Alarm.objects.get().key == "a\ufffd.csv"


def test_an_inbox_that_is_not_there_holds_nothing(db, settings, tmp_path, at):
    settings.SETTLEMENT_INBOX = str(tmp_path / "tiada")
    assert reconciliation.collect_settlement_files(at=at) == 0


# --- an unfinished day, a later file -----------------------------------------------------------
def test_a_file_of_an_unfinished_day_misses_nobody(paid, inbox, at):
    raw = make_settlement_file()
    file = reconciliation.record_settlement_file(raw=raw, name="awal.csv", at=at)
    assert file.is_unfinished
    reconciliation.collect_settlement_files(at=at + DAY)
    assert not PaymentCase.objects.exists()
    assert settled_days.alarm_missing_settlement_file(at=at + DAY) == 1


def test_a_later_file_closes_what_no_file_had_named(paid, at):
    read(at=at)
    read(settlement_line(paid), at=at, name="lengkap.csv")
    case = PaymentCase.objects.get()
    assert (case.status, case.resolution, case.reason) == ("closed", "later_file", "lengkap.csv")
    assert case.closed_by is None
    assert AuditEvent.objects.filter(action="case_closed_by_file").exists()


def test_a_later_file_closes_what_we_did_not_call_paid_then(contribution, at):
    payment = make_payment(contribution, "expired")
    line = settlement_line(payment)
    read(line, at=at)
    tell(payment, channel="enquiry", at=at + DAY)
    read(line, settlement_line(payment, order="X1", transaction="1"), at=at, name="lagi.csv")
    assert PaymentCase.objects.filter(resolution="later_file").exists()


@pytest.mark.parametrize("changes", [{"amount": "13.09"}, {"number": 1}])
def test_a_later_file_closes_nothing_that_it_does_not_explain(paid, at, changes):
    read(settlement_line(paid, **changes), at=at)
    read(settlement_line(paid), at=at, name="lengkap.csv")
    assert PaymentCase.objects.get().status == "open"


def test_a_case_whose_money_is_moving_is_left_to_officers(paid, at):
    read(at=at)
    make_refund(PaymentCase.objects.get())
    read(settlement_line(paid), at=at, name="lengkap.csv")
    assert PaymentCase.objects.get().status == "refunding"


def test_a_file_raises_one_alarm_for_all_its_cases(paid, at):
    lines = [settlement_line(paid, number=n, order=f"X{n}", transaction=str(n)) for n in (1, 2, 3)]
    read(*lines, at=at)
    assert PaymentCase.objects.count() == 4
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.detail) == ("payment_settlement", "cases=4")


# --- a day's file that does not come -----------------------------------------------------------
def test_a_day_without_its_file_alarms_once(paid, at):
    assert settled_days.alarm_missing_settlement_file(at=at + DAY) == 1
    assert Alarm.objects.get(kind="settlement_missing").key == "2026-11-22"
    clear_alarm(Alarm.objects.get(), by=make_officer(), at=at + DAY)
    assert settled_days.alarm_missing_settlement_file(at=at + 2 * DAY) == 0


def test_yesterdays_file_may_come_until_nine(paid, at):
    early = at + DAY - timedelta(hours=1, minutes=1)  # 8:59
    assert settled_days.alarm_missing_settlement_file(at=early) == 0
    assert settled_days.alarm_missing_settlement_file(at=early + timedelta(minutes=1)) == 1


@pytest.mark.parametrize("days", [2, 5, 59])
def test_a_look_that_was_missed_is_made_up_for(paid, at, days):
    assert settled_days.alarm_missing_settlement_file(at=at + days * DAY) == 1
    assert Alarm.objects.get().key == "2026-11-22"


@pytest.mark.parametrize("is_read", [True, False])
def test_a_day_with_its_file_or_without_payments_does_not(db, at, is_read, request):
    if is_read:
        paid = request.getfixturevalue("paid")
        read(settlement_line(paid), at=at)
    assert not settled_days.alarm_missing_settlement_file(at=at + DAY)


# --- a day's rows ------------------------------------------------------------------------------
def test_a_day_sets_file_receipts_and_refunds_side_by_side(paid, at):
    other = make_payment(make_contribution(make_registration(make_user("Boon"))), "succeeded")
    stranger = settlement_line(paid, number=1, order="X1", transaction="77", amount="20.00")
    read(settlement_line(paid), stranger, at=at)
    rows = settled_days.rows_of(day=at.date())
    number = Receipt.objects.get(payment_reference=paid.reference).number
    sum_paid = Decimal("13.10")
    found = {row.reference: (row.in_file, row.paid, row.receipt, row.fits) for row in rows}
    assert found[paid.reference] == (sum_paid, sum_paid, number, True)
    assert found[other.reference][:2] == (None, sum_paid)
    assert found["X1"] == (Decimal("20.00"), None, "", False)
    totals = settled_days.totals_of(rows)
    assert (totals.in_file, totals.paid, totals.refunded) == (Decimal("33.10"), Decimal("26.20"), 0)


def test_a_days_rows_take_as_many_queries_as_one(paid, at, django_assert_num_queries):
    for name in ("Boon", "Chandran", "Devi"):
        make_payment(make_contribution(make_registration(make_user(name))), "succeeded")
    with django_assert_num_queries(2):
        settled_days.rows_of(day=at.date())
