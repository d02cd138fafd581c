"""The probe of whoever knows an order number of one's own: how much of the database can be filled?

`pytest tests/payments/test_flood.py` posts as a stranger does and weighs what is kept.
"""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from foundation.alarms import Alarm
from payments.models import GatewayMessage, Payment
from payments.services import cases, enquiries
from receipts.models import Receipt
from tests.factories import make_officer, make_payment, tell
from tests.payments import fakes

PATHS = {"callback": "/bayaran/fpx/langsung/", "return": "/bayaran/fpx/kembali/"}
FORM = "application/x-www-form-urlencoded"
PADDING = b"&a=" + b"x" * 60_000
pytestmark = pytest.mark.django_db


def post(raw, channel="callback"):
    return Client().generic("POST", PATHS[channel], raw, content_type=FORM)


def kept_bytes():
    """What all bodies weigh as they lie, sealed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(octet_length(raw)), 0) FROM payments_gatewaymessage")
        return cursor.fetchone()[0]


def forged(payment, number):
    """About an order of one's own, each time another, signed by nobody."""
    return b"fpx_msgType=AC&n=%d&fpx_sellerExOrderNo=%s" % (number, payment.reference.encode())


@pytest.mark.parametrize("channel", PATHS)
def test_of_one_order_ten_are_kept_and_none_is_longer_than_a_genuine_message(payment, channel):
    for number in range(15):
        post(forged(payment, number) + PADDING, channel)
    assert GatewayMessage.objects.count() == 10
    assert {len(row.raw) for row in GatewayMessage.objects.all()} == {4096}
    assert kept_bytes() < 10 * 6000
    assert Alarm.objects.get(kind="fpx_unverified").seen_count == 5


def test_of_all_orders_together_so_much_is_kept_in_a_day(contribution, settings, at):
    settings.LIMITS = settings.LIMITS | {"unverified_kept": (3, timedelta(days=1))}
    payments = [make_payment(contribution, "failed", at=at + timedelta(hours=n)) for n in range(5)]
    for payment in payments:
        tell(payment, key_name="fpx_wrong.key", at=at)
    assert GatewayMessage.objects.of_our_orders().count() == 3
    tell(payments[0], key_name="fpx_wrong.key", buyerName="B", at=at + timedelta(days=2))
    assert GatewayMessage.objects.of_our_orders().count() == 4


@pytest.mark.parametrize("key_name", ["fpx.key", "fpx_wrong.key"])
@pytest.mark.parametrize("channel", PATHS)
def test_the_same_again_is_counted_and_not_kept(payment, channel, key_name):
    raw = fakes.answer(payment, key_name=key_name)
    answers = {post(raw, channel).status_code for _ in range(5)}
    message = GatewayMessage.objects.get()
    assert message.repeats == 4
    assert message.last_repeated_at > message.received_at
    assert len(answers) == 1


def test_a_genuine_message_with_anything_added_is_the_same_again(payment):
    """Who paid holds one: it came by the browser."""
    raw = fakes.answer(payment)
    for number in range(5):
        assert post(raw + b"&n=%d" % number + PADDING).content == b"OK"
    assert GatewayMessage.objects.get().repeats == 4
    assert Receipt.objects.count() == 1


def test_an_anomaly_posted_again_opens_no_case_that_was_closed(payment, at):
    raw = fakes.answer(payment, txnAmount="1.00")
    post(raw)
    case = payment.cases.get()
    officer = make_officer()
    cases.close_case(case=case, reason="Salah", by=officer, at=at)
    assert post(raw).content == b"OK"
    assert payment.cases.count() == 1


def test_genuine_messages_are_kept_whole_whatever_was_posted_before(payment):
    for number in range(15):
        post(forged(payment, number))
    raw = fakes.answer(payment) + PADDING
    assert post(raw).content == b"OK"
    assert GatewayMessage.objects.get(verdict="accepted").raw.encode("latin-1") == raw
    assert Payment.objects.get().status == "succeeded"


def test_the_signed_words_posted_without_the_signature_take_no_place(payment):
    fields = fakes.answer_fields(payment)
    post("|".join(fields[name] for name in sorted(fields)).encode())
    assert post(fakes.answer(payment)).content == b"OK"
    assert Payment.objects.get().status == "succeeded"


def test_one_that_was_left_unjudged_is_judged_when_it_comes_again(payment, monkeypatch, at):
    def broken(**facts):
        raise RuntimeError("the database went away")

    with monkeypatch.context() as patch:
        patch.setattr("receipts.services.issuing.issue_receipt", broken)
        for _ in range(3):
            assert post(fakes.answer(payment)).status_code == 503
    assert GatewayMessage.objects.count() == 1
    assert tell(payment).verdict == "repeated"
    assert GatewayMessage.objects.get().verdict == "accepted"
    assert Receipt.objects.count() == 1


def test_what_our_own_fault_cannot_read_is_kept_whole(payment, monkeypatch):
    def broken(*_args, **_facts):
        raise RuntimeError("a fault of ours")

    raw = fakes.answer(payment) + PADDING
    with monkeypatch.context() as patch:
        patch.setattr("payments.fpx.reading.read_answer", broken)
        assert post(raw).status_code == 503
    message = GatewayMessage.objects.get()
    assert (message.verdict, message.raw.encode("latin-1")) == ("unjudged", raw)
    enquiries.judge_left_over(at=message.received_at + timedelta(hours=1))
    assert Payment.objects.get().status == "succeeded"


def test_each_answer_that_we_asked_for_is_kept(payment, at):
    for minute in (5, 10):
        tell(payment, "76", channel="enquiry", at=at + timedelta(minutes=minute))
    assert GatewayMessage.objects.count() == 2


def test_a_signed_separator_is_kept_whole_and_alarmed_whatever_was_posted_before(payment):
    """Whoever has such a name floods the order first; cut in other ways it is one message."""
    for number in range(15):
        post(forged(payment, number))
    raw = fakes.answer(payment, buyerName="A|B") + PADDING
    for _ in range(2):
        assert post(raw).status_code == 400
    cut_elsewhere = raw.replace(b"buyerId=&", b"buyerId=%7CA&").replace(b"A%7CB", b"B")
    assert post(cut_elsewhere).status_code == 400
    kept = GatewayMessage.objects.get(detail="a signed value holds the separator")
    assert (kept.raw.encode("latin-1"), kept.repeats) == (raw, 2)
    assert Alarm.objects.filter(kind="fpx_separator").exists()
    assert Payment.objects.get().status == "started"
