"""What must always hold is looked after: each rule is broken once, by hand, and seen."""

from datetime import timedelta
from io import StringIO
from random import Random

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection

from contributions.models import Contribution, CoveragePeriod
from contributions.services import cover
from foundation import outbox
from foundation.alarms import Alarm
from payments.services import double_payments, enquiries, invariant_rules, invariants
from receipts.models import Receipt
from receipts.services import correction
from receipts.tasks import draw_receipt
from tests.factories import (
    make_contribution,
    make_double_payment,
    make_officer,
    make_payment,
    make_registration,
    make_user,
    tell,
)

PAYMENT, RECEIPT = "payments_payment", "receipts_receipt"
PERIOD = "contributions_coverageperiod"
UNGUARDED = {
    "cover": f"ALTER TABLE {PERIOD} DISABLE TRIGGER USER",
    "moment": f"ALTER TABLE {RECEIPT} DISABLE TRIGGER USER",
    "events": "ALTER TABLE payments_paymentstatuschange DISABLE TRIGGER USER",
    "messages": "ALTER TABLE payments_gatewaymessage DISABLE TRIGGER USER",
    "refunds": "ALTER TABLE payments_refund DISABLE TRIGGER USER",
    "transaction": "DROP INDEX payment_fpx_transaction_credited_once",
    "number": f"ALTER TABLE {RECEIPT} DROP CONSTRAINT receipts_receipt_number_key",
    "overlap": f"ALTER TABLE {PERIOD} DROP CONSTRAINT coverage_never_overlaps",
    "reference": "DROP INDEX receipt_once_a_payment",
    "payments": f"ALTER TABLE {PAYMENT} DISABLE TRIGGER USER",
    "paid": "ALTER TABLE contributions_contributionstatuschange DISABLE TRIGGER USER",
    "cases": "ALTER TABLE payments_paymentcase DISABLE TRIGGER USER",
    "owed": "ALTER TABLE contributions_contribution DISABLE TRIGGER USER",
    "one receipt": f"ALTER TABLE {RECEIPT} DROP CONSTRAINT receipts_receipt_contribution_id_key",
}
CASE = (
    "INSERT INTO payments_paymentcase"
    " (kind, payment_id, detail, opened_at, status, resolution, reason, closed_at, closed_by_id)"
    " SELECT '{kind}', %(payment)s, '', now(), '{status}', '{resolution}', 'x', {closed},"
    " CASE WHEN {closed} IS NULL THEN NULL ELSE %(user)s END RETURNING id"
)
# All that tells the moment of paying, but for the payment and what FPX said of it.
MOVED = (
    "WITH paid AS (UPDATE contributions_contributionstatuschange SET at = at {by}),"
    f" cover AS (UPDATE {PERIOD} SET anchor_at = anchor_at {{by}},"
    " coverage_starts_at = coverage_starts_at {by}, coverage_ends_at = coverage_ends_at {by})"
    f" UPDATE {RECEIPT} SET issued_at = issued_at {{by}},"
    " coverage_starts_at = coverage_starts_at {by}, coverage_ends_at = coverage_ends_at {by}"
)
# The rule, which guard of the database is taken away first, and how it is broken.
BREACHES = [
    (
        "a transaction is credited once",
        ["transaction"],
        f"UPDATE {PAYMENT} SET fpx_transaction_id = '2611221000300001'",
    ),
    (
        "a transaction is credited once",
        ["moment"],
        f"UPDATE {RECEIPT} SET fpx_transaction_id = '2611221000300001'",
    ),
    (
        "a success has its receipt and cover, or its double-payment case",
        ["moment"],
        f"DELETE FROM {RECEIPT} WHERE payment_reference = %(reference)s",
    ),
    (
        "a success has its receipt and cover, or its double-payment case",
        ["cover"],
        f"DELETE FROM {PERIOD} WHERE contribution_id = %(contribution)s",
    ),
    (
        "a receipt is of one success, of its amount",
        ["payments"],
        f"UPDATE {PAYMENT} SET status = 'failed' WHERE reference = %(reference)s",
    ),
    (
        "a receipt is of one success, of its amount",
        ["payments"],
        f"UPDATE {PAYMENT} SET amount = 1 WHERE reference = %(reference)s",
    ),
    (
        "a receipt is of one success, of its amount",
        ["moment", "reference"],
        f"UPDATE {RECEIPT} SET payment_reference = %(reference)s",
    ),
    (
        "paid, receipt and cover come together",
        ["owed"],
        "UPDATE contributions_contribution SET status = 'open' WHERE id = %(contribution)s",
    ),
    (
        "paid, receipt and cover come together",
        ["cover"],
        f"DELETE FROM {PERIOD} WHERE contribution_id = %(contribution)s",
    ),
    (
        "a double-payment case is of a success, without a receipt while it is open",
        [],
        CASE.format(kind="double_payment", status="open", resolution="", closed="NULL"),
    ),
    (
        "money taken twice went back whole or bought a period",
        ["cases"],
        CASE.format(kind="double_payment", status="closed", resolution="refunded", closed="now()"),
    ),
    (
        "refunds are approved by another and never above what was paid",
        ["refunds", "cases"],
        f"WITH made AS ({CASE}) ".format(
            kind="anomaly", status="refunding", resolution="", closed="NULL"
        )
        + "INSERT INTO payments_refund (case_id, payment_id, status, amount, reason,"
        " requested_at, requested_by_id, bank_reference)"
        " SELECT id, %(payment)s, 'requested', 13.11, 'x', now(), %(user)s, '' FROM made",
    ),
    (
        "a case has an open refund just while it says so",
        ["cases"],
        CASE.format(kind="anomaly", status="refunding", resolution="", closed="NULL"),
    ),
    (
        "a success was told by FPX",
        ["messages"],
        "DELETE FROM payments_gatewaymessage WHERE payment_id = %(payment)s",
    ),
    (
        "undecided for three days is a case",
        ["payments"],
        f"UPDATE {PAYMENT} SET status = 'pending', started_at = started_at - interval '4 days'"
        " WHERE reference = %(reference)s",
    ),
    (
        "a payment stands where its history ends",
        ["events"],
        "DELETE FROM payments_paymentstatuschange WHERE payment_id = %(payment)s",
    ),
    (
        "periods of one person and sector never overlap",
        ["cover", "overlap"],
        f"UPDATE {PERIOD} SET person ="
        " (SELECT ic_number_index FROM accounts_user WHERE id = %(user)s)",
    ),
    (
        "a receipt's moment is the one chosen when crediting",
        ["moment"],
        f"UPDATE {RECEIPT} SET issued_at = issued_at - interval '1 hour'",
    ),
    (
        "a receipt's moment is the one chosen when crediting",
        ["cover"],
        f"UPDATE {PERIOD} SET coverage_ends_at = coverage_ends_at + interval '1 day'",
    ),
    (
        "money given back before it was credited is a case",
        ["refunds", "cases"],
        f"WITH made AS ({CASE}) ".format(
            kind="settlement", status="refunding", resolution="", closed="NULL"
        )
        + "INSERT INTO payments_refund (case_id, payment_id, status, amount, reason,"
        " requested_at, requested_by_id, bank_reference)"
        " SELECT id, %(payment)s, 'requested', 1, 'x', '2026-11-22', %(user)s, '' FROM made",
    ),
    (
        "a receipt is of its contribution's payment, or of money paid twice for one alike",
        ["moment", "reference"],
        f"UPDATE {RECEIPT} r SET payment_reference = p.reference,"
        f" fpx_transaction_id = p.fpx_transaction_id FROM {PAYMENT} p"
        " WHERE p.reference <> r.payment_reference",
    ),
    (
        "a receipt is of its contribution's payment, or of money paid twice for one alike",
        ["moment"],
        f"UPDATE {RECEIPT} SET fpx_transaction_id = '1' WHERE payment_reference = %(reference)s",
    ),
    (
        "receipt and cover are of the registered person, for what was owed",
        ["cover"],
        f"UPDATE {PERIOD} SET user_id = %(stranger)s WHERE contribution_id = %(contribution)s",
    ),
    (
        "receipt and cover are of the registered person, for what was owed",
        ["cover"],
        f"UPDATE {PERIOD} SET person = repeat('0', 64) WHERE contribution_id = %(contribution)s",
    ),
    (
        "receipt and cover are of the registered person, for what was owed",
        ["moment"],
        f"UPDATE {RECEIPT} SET user_id = %(stranger)s WHERE contribution_id = %(contribution)s",
    ),
    (
        "receipt and cover are of the registered person, for what was owed",
        ["moment"],
        f"UPDATE {RECEIPT} SET months = 12 WHERE contribution_id = %(contribution)s",
    ),
    (
        "cover is as long as what was paid, counted from its anchor",
        ["moment", "cover"],
        f"WITH longer AS (UPDATE {PERIOD}"
        " SET coverage_ends_at = coverage_ends_at + interval '11 months')"
        f" UPDATE {RECEIPT} SET coverage_ends_at = coverage_ends_at + interval '11 months'",
    ),
    (
        "cover is as long as what was paid, counted from its anchor",
        ["cover"],
        f"UPDATE {PERIOD} SET months_from_anchor = 12,"
        " coverage_ends_at = coverage_ends_at + interval '11 months'",
    ),
    (
        "a receipt's moment is one that its payment knows",
        ["moment", "cover", "paid"],
        MOVED.format(by="- interval '1 day'"),
    ),
    (
        "a receipt's moment is one that its payment knows",
        ["moment", "cover", "paid"],
        MOVED.format(by="+ interval '1 minute'"),
    ),
    (
        "a receipt's moment is one that its payment knows",
        ["payments"],
        f"UPDATE {PAYMENT} SET started_at = started_at + interval '1 hour'",
    ),
    (
        "a receipt's number is its own, of its year",
        ["moment", "number"],
        f"UPDATE {RECEIPT} SET number = 'SPS-2026-00000001'",
    ),
    (
        "a receipt's number is its own, of its year",
        ["moment"],
        f"UPDATE {RECEIPT} SET number = 'SPS-2025-' || right(number, 8)",
    ),
    (
        "a message is kept as it came",
        [],
        "UPDATE payments_gatewaymessage SET raw = '99:' || repeat('A', 60)",
    ),
    (
        "a message is kept as it came",
        ["messages"],
        "UPDATE payments_gatewaymessage m SET raw = other.raw"
        " FROM payments_gatewaymessage other WHERE other.id <> m.id",
    ),
    (
        "a stored PDF is the one that was drawn",
        ["moment"],
        f"UPDATE {RECEIPT} SET sha256 = 'abc', drawn_at = now() WHERE sha256 = ''",
    ),
]


@pytest.fixture
def paid(factories, contribution):
    """Aminah has paid, and Boon too."""
    boon = make_contribution(make_registration(make_user("Boon")))
    make_payment(boon, "succeeded")
    return make_payment(contribution, "succeeded")


def broken(at, **options):
    return {finding.rule for finding in invariants.check_invariants(at=at, **options)}


def run(*statements, **values):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in statements:
            cursor.execute(statement, values or None)


def test_all_is_well(paid, at):
    assert broken(at + timedelta(minutes=1)) == set()


@pytest.mark.parametrize(("rule", "guards", "breach"), BREACHES)
def test_each_rule_sees_its_breach(paid, at, rule, guards, breach):
    run(*[UNGUARDED[guard] for guard in guards])
    run(
        breach,
        reference=paid.reference,
        payment=paid.pk,
        contribution=paid.contribution_id,
        user=paid.contribution.registration.user_id,
        stranger=make_user("Chandran").pk,
    )
    assert rule in broken(at + timedelta(minutes=1))


def test_every_rule_is_broken_once():
    assert set(invariant_rules.RULES) <= {rule for rule, _guards, _breach in BREACHES}


def test_the_rule_of_how_long_cover_is_agrees_with_the_portals_own(contribution, at):
    """Any day, and chains of any months, over the ends of short months and 29 February."""
    chains = Random(1)
    for number in range(40):
        registration = make_registration(make_user(f"Devi {number}"), at=at)
        begins = at + timedelta(days=chains.randrange(800), seconds=chains.randrange(86400))
        for months in chains.choices([1, 12], k=3):
            last = CoveragePeriod.objects.of(registration).last()
            begins = last.coverage_starts_at + timedelta(hours=1) if last else begins
            owed = Contribution.objects.create(
                registration=registration,
                plan_number=1,
                insured_monthly_earnings=1050,
                months=months,
                amount=1,
                created_at=at,
            )
            cover.start_coverage(contribution=owed, issued_at=begins)
    rule = "cover is as long as what was paid, counted from its anchor"
    assert CoveragePeriod.objects.count() == 120
    assert rule not in broken(at)


def test_a_next_period_breaks_nothing(contribution, aminah, at):
    case = make_double_payment(contribution)
    double_payments.choose_next_period(case=case, by=aminah, at=at + timedelta(hours=1))
    assert broken(at) == set()


def test_a_corrected_receipt_breaks_nothing(paid, at):
    wrong = Receipt.objects.get(payment_reference=paid.reference)
    wrong.user.full_name = "Aminah binti Alias"
    wrong.user.save()
    correction.correct_receipt(receipt=wrong, by=make_officer(), at=at)
    assert broken(at + timedelta(minutes=1)) == set()


def test_a_double_payment_breaks_nothing(contribution, payment, at):
    tell(payment, "09", channel="enquiry", at=at + timedelta(minutes=20))
    second = make_payment(contribution, at=at + timedelta(minutes=25))
    tell(payment, at=at + timedelta(minutes=26))
    tell(second, at=at + timedelta(minutes=27))
    assert broken(at + timedelta(minutes=27)) == set()


@pytest.mark.parametrize(("has_case", "is_broken"), [(True, False), (False, True)])
def test_undecided_for_three_days_is_a_case(payment, at, has_case, is_broken):
    later = at + timedelta(hours=72, minutes=15)
    if has_case:
        enquiries.open_overdue_cases(at=later)
    assert ("undecided for three days is a case" in broken(later)) == is_broken
    assert broken(later - timedelta(seconds=1)) <= {"an act that is late is alarmed about"}


@pytest.mark.parametrize("is_alarmed", [True, False])
def test_an_act_that_is_late_is_alarmed_about(paid, at, is_alarmed):
    later = at + timedelta(hours=1)
    if is_alarmed:
        outbox.sweep(at=later)
    assert broken(later) == (set() if is_alarmed else {"an act that is late is alarmed about"})


@pytest.mark.parametrize("most_files", [None, 1, 100])
def test_a_stored_pdf_is_the_one_that_was_drawn(paid, at, monkeypatch, most_files):
    monkeypatch.setattr("receipts.pdf.write", lambda receipt: b"%PDF genuine")
    receipt = Receipt.objects.get(payment_reference=paid.reference)
    draw_receipt.handler(receipt.pk, at=at)
    receipt.refresh_from_db()
    assert broken(at, most_files=most_files) == set()
    with receipt.file.storage.open(receipt.file.name, "wb") as file:
        file.write(b"%PDF forged")
    assert broken(at) == {"a stored PDF is the one that was drawn"}
    receipt.file.storage.delete(receipt.file.name)
    assert broken(at) == {"a stored PDF is the one that was drawn"}


def test_the_command_says_that_all_is_well(paid, at):
    words = StringIO()
    with time_machine.travel(at + timedelta(minutes=1), tick=False):
        call_command("check_invariants", stdout=words)
    assert words.getvalue() == "Every invariant holds.\n"


def test_the_command_prints_what_breaks_and_fails(paid, at):
    run(UNGUARDED["moment"], f"DELETE FROM {RECEIPT}")
    words = StringIO()
    with (
        time_machine.travel(at + timedelta(minutes=1), tick=False),
        pytest.raises(CommandError) as failure,
    ):
        call_command("check_invariants", stdout=words)
    assert failure.value.returncode == 1
    assert (
        "a success has its receipt and cover, or its double-payment case: " + paid.reference
        in words.getvalue()
    )


def test_the_clock_raises_one_alarm_a_rule(paid, at):
    run(UNGUARDED["moment"], f"DELETE FROM {RECEIPT}")
    for _run in range(2):
        invariants.alarm_about_invariants(at=at + timedelta(minutes=1))
    alarms = Alarm.objects.filter(kind="invariant")
    assert set(alarms.values_list("key", "seen_count")) == {
        ("a success has its receipt and cover, or its double-payment case", 2),
        ("paid, receipt and cover come together", 2),
    }
    assert paid.reference in alarms.get(key__startswith="a success").detail
