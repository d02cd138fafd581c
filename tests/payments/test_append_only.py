"""What was told and what happened stays: the database refuses to change or lose it."""

import pytest
from django.db import IntegrityError, connection, transaction

from payments.models import GatewayMessage, PaymentStatusChange
from tests.factories import make_payment, tell


def refuses(sql):
    """True when the database refuses the statement."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE payments_paymentstatuschange SET to_status = 'failed'",
        "UPDATE payments_paymentstatuschange SET at = now()",
        "DELETE FROM payments_paymentstatuschange",
        "UPDATE payments_gatewaymessage SET verdict = 'unjudged'",
        "UPDATE payments_gatewaymessage SET raw = ''",
        "UPDATE payments_gatewaymessage SET received_at = now()",
        "UPDATE payments_gatewaymessage SET digest = ''",
        "UPDATE payments_gatewaymessage SET detail = 'lain'",
        "DELETE FROM payments_gatewaymessage",
    ],
)
def test_history_refuses(contribution, sql):
    make_payment(contribution, "succeeded")
    assert refuses(sql)
    assert PaymentStatusChange.objects.get().to_status == "succeeded"
    assert GatewayMessage.objects.get().verdict == "accepted"


HISTORY = [
    *("payments_paymentstatuschange", "payments_gatewaymessage", "payments_settlementline"),
    *("payments_refund", "payments_paymentcasestatuschange", "payments_refundstatuschange"),
    *("receipts_receipt", "contributions_coverageperiod", "contributions_contributionstatuschange"),
]


@pytest.mark.parametrize("table", [*HISTORY, "payments_payment", "contributions_contribution"])
def test_no_history_is_emptied(db, table):
    with connection.cursor() as cursor:  # as in production; tests/conftest.py must empty tables
        for kept in HISTORY:
            cursor.execute(f"ALTER TABLE {kept} ENABLE TRIGGER USER")
    assert refuses(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE contributions_contributionstatuschange SET at = now()",
        "DELETE FROM contributions_contributionstatuschange",
        "UPDATE payments_payment SET reference = 'ZZ'",
        "UPDATE payments_payment SET request = 'x'",
        "UPDATE payments_payment SET request = 'z:x'",
        "UPDATE payments_payment SET amount = 1",
        "UPDATE payments_payment SET started_at = now()",
    ],
)
def test_what_was_asked_for_and_paid_stays(contribution, sql):
    make_payment(contribution, "succeeded")
    assert refuses(sql)


def test_a_message_that_waits_for_its_judge_is_not_touched_otherwise(payment, at):
    GatewayMessage.objects.create(channel="callback", received_at=at, raw="x")
    assert refuses("UPDATE payments_gatewaymessage SET raw = 'y', verdict = 'accepted'")
    assert refuses("DELETE FROM payments_gatewaymessage")
    assert not refuses("UPDATE payments_gatewaymessage SET verdict = 'accepted', detail = 'ya'")


@pytest.mark.parametrize("change", [{"txnAmount": "1.00"}, {"key_name": "fpx_wrong.key"}])
def test_what_names_an_order_of_ours_is_evidence(payment, change):
    tell(payment, **change)
    assert refuses("DELETE FROM payments_gatewaymessage")


def test_an_anomaly_about_an_unknown_order_is_evidence(payment):
    tell(payment, sellerExOrderNo="261122ZZZZZZZZZZ")
    assert refuses("DELETE FROM payments_gatewaymessage")


def test_nonsense_may_go(db, at):
    GatewayMessage.objects.create(channel="callback", received_at=at, verdict="unverified")
    assert not refuses("DELETE FROM payments_gatewaymessage")
