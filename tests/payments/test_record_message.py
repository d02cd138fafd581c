"""What comes from FPX is stored first, then verified, then held against what we asked."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from foundation.alarms import Alarm
from payments.fpx import signing
from payments.models import GatewayMessage, Payment, PaymentCase
from payments.services import enquiries, messages
from receipts.models import Receipt
from tests.factories import tell
from tests.payments import fakes

NONSENSE = {
    "empty": b"",
    "json": b'{"fpx_msgType":"AC"}',
    "latin-1": "fpx_msgType=AC&fpx_buyerName=Jos\xe9".encode("latin-1"),
    "binary": bytes(range(256)),
    "one megabyte": b"a=b&" * 262_144,
    "the wrong type": b"fpx_msgType=AR",
    "a word": b"ERROR",
}


def record(raw, at, channel="callback"):
    return messages.record_message(channel=channel, raw=raw, at=at)


def is_uncredited(payment):
    payment.refresh_from_db()
    return payment.status == "started" and not Receipt.objects.exists()


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_stored_and_credits_nothing(db, at, name):
    message = record(NONSENSE[name], at)
    message.refresh_from_db()
    assert message.verdict == "unverified"
    assert message.raw.encode("latin-1") == NONSENSE[name][:4096]
    assert message.received_at == at
    assert not PaymentCase.objects.exists()


def test_a_genuine_message_is_accepted_and_names_its_certificate(payment):
    message = tell(payment, "00")
    assert (message.verdict, message.certificate) == ("accepted", "fpx_current.cer")
    assert message.payment == payment
    payment.refresh_from_db()
    assert payment.status == "succeeded"


def test_lower_case_hex_is_accepted(payment, at):
    fields = fakes.sign(fakes.answer_fields(payment))
    fields["fpx_checkSum"] = fields["fpx_checkSum"].lower()
    assert record(fakes.encode(fields), at).verdict == "accepted"


def test_names_in_latin_1_verify_byte_by_byte(payment, at):
    assert record(fakes.answer(payment, buyerName="JOS\xc9 BIN ALI"), at).verdict == "accepted"


def test_blank_lines_around_are_stripped(payment, at):
    raw = b"\r\n\r\n" + fakes.answer(payment) + b"\r\n"
    assert record(raw, at).verdict == "accepted"


def test_unknown_fields_are_ignored(payment, at):
    raw = fakes.answer(payment) + b"&fpx_ebuyerID=&lain=1"
    assert record(raw, at).verdict == "accepted"


def test_a_field_that_stands_twice_is_refused(payment, at):
    raw = fakes.answer(payment) + b"&fpx_txnAmount=13.10"
    assert record(raw, at).verdict == "unverified"
    assert is_uncredited(payment)


@pytest.mark.parametrize("name", sorted(fakes.SIGNED))
def test_every_signed_field_is_guarded(payment, at, name):
    fields = fakes.sign(fakes.answer_fields(payment))
    fields[name] = fields[name] + "1"
    message = record(fakes.encode(fields), at)
    assert message.verdict == "unverified"
    assert is_uncredited(payment)


def test_a_wrong_key_is_refused_and_alarmed(payment, at):
    message = tell(payment, "00", key_name="fpx_wrong.key")
    assert message.verdict == "unverified"
    assert message.payment is None
    assert message.order_number == payment.reference
    assert is_uncredited(payment)
    assert Alarm.objects.get(kind="fpx_signature").key == "callback"


def test_our_own_key_does_not_speak_for_fpx(payment):
    assert tell(payment, "00", key_name="seller.key").verdict == "unverified"
    assert is_uncredited(payment)


def test_a_certificate_counts_only_at_the_time_of_receipt(payment):
    message = tell(payment, "00", at=datetime(2060, 1, 1, tzinfo=UTC))
    assert message.verdict == "unverified"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sellerExId", "EX00008888"),
        ("sellerId", "SE00008888"),
        ("sellerOrderNo", "X1"),
        ("txnAmount", "13.11"),
        ("txnAmount", "1.00"),
        ("txnAmount", "13.1"),
        ("txnAmount", "1E1"),
        ("txnAmount", "-13.10"),
        ("txnCurrency", "SGD"),
        ("msgToken", "02"),
        ("sellerTxnTime", "20261122100001"),
        ("buyerBankId", "MB2U0227"),
        ("debitAuthCode", "0000"),
        ("fpxTxnId", "1' OR '1'='1"),
    ],
)
def test_what_does_not_agree_with_our_request_is_an_anomaly(payment, name, value):
    message = tell(payment, "00", **{name: value})
    assert message.verdict == "anomaly"
    assert message.payment == payment
    assert name in message.detail
    assert is_uncredited(payment)
    case = PaymentCase.objects.get()
    assert (case.kind, case.payment, case.message) == ("anomaly", payment, message)
    assert Alarm.objects.filter(kind="payment_anomaly", key=payment.reference).exists()


def test_p7_a_month_paid_for_a_year_is_an_anomaly(factories, aminah):
    year = factories.make_contribution(factories.make_registration(aminah), plan=2, months=12)
    payment = factories.make_payment(year)
    assert payment.amount == Decimal("232.80")
    assert tell(payment, "00", txnAmount="19.40").verdict == "anomaly"
    assert is_uncredited(payment)
    assert PaymentCase.objects.get().kind == "anomaly"


def test_the_same_amount_written_with_leading_zeros_is_the_same(payment):
    assert tell(payment, "00", txnAmount="0013.10").verdict == "accepted"


def test_an_order_that_we_do_not_know_is_an_anomaly(payment):
    message = tell(payment, "00", sellerExOrderNo="261122ZZZZZZZZZZ")
    assert message.verdict == "anomaly"
    assert PaymentCase.objects.get().payment is None
    assert is_uncredited(payment)


def test_a_replay_on_another_order_is_refused(payment, at):
    fields = fakes.sign(fakes.answer_fields(payment)) | {"fpx_sellerExOrderNo": "261122YYYYYYYYYY"}
    assert record(fakes.encode(fields), at).verdict == "unverified"


def test_the_same_anomaly_again_opens_no_second_case(payment):
    tell(payment, "00", txnAmount="1.00")
    tell(payment, "00", txnAmount="1.00", channel="return")
    assert PaymentCase.objects.count() == 1
    assert GatewayMessage.objects.filter(verdict="anomaly").count() == 2


def test_what_cannot_be_judged_is_stored_and_judged_later(payment, at, monkeypatch):
    def broken(**facts):
        raise RuntimeError("the database went away")

    with monkeypatch.context() as patch:
        patch.setattr("receipts.services.issuing.issue_receipt", broken)
        message = tell(payment, "00", at=at + timedelta(minutes=1))
    assert message.verdict == "unjudged"
    assert is_uncredited(payment)
    assert enquiries.judge_left_over(at=at + timedelta(minutes=1, seconds=30)) == 0
    assert enquiries.judge_left_over(at=at + timedelta(hours=1)) == 1
    message.refresh_from_db()
    assert message.verdict == "accepted"
    # The moment is that of the message, not of the judgement.
    assert Receipt.objects.get().issued_at == at + timedelta(minutes=1)


def test_a_message_that_never_can_be_judged_alarms_and_holds_up_no_other(payment, at, monkeypatch):
    def broken(**facts):
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("receipts.services.issuing.issue_receipt", broken)
    message = tell(payment, "00")
    enquiries.judge_left_over(at=at + timedelta(hours=1))
    assert Alarm.objects.get(kind="fpx_unjudged").key == str(message.pk)


def test_a_success_whose_judge_was_killed_still_sets_the_moment(payment, at):
    """Stored at 10:01 and forgotten; the return credits at 10:03."""
    GatewayMessage.objects.create(
        channel="callback",
        received_at=at + timedelta(minutes=1),
        raw=fakes.answer(payment).decode(),
        order_number=payment.reference,
    )
    tell(payment, "00", channel="return", at=at + timedelta(minutes=3))
    assert Receipt.objects.get().issued_at == at + timedelta(minutes=1)


@pytest.mark.parametrize("is_before", [True, False])
def test_a_99_whose_judge_was_killed_still_lifts_the_cap(payment, at, is_before):
    """The second person authorised two days later; a 99 that only came after says nothing."""
    paid_at = at + timedelta(days=2)
    GatewayMessage.objects.create(
        channel="callback",
        received_at=at + timedelta(minutes=1) if is_before else paid_at + timedelta(minutes=1),
        raw=fakes.answer(payment, "99").decode(),
        order_number=payment.reference,
    )
    tell(payment, "00", at=paid_at)
    capped = at + timedelta(minutes=15, seconds=30)
    assert Receipt.objects.get().issued_at == (paid_at if is_before else capped)


@pytest.mark.parametrize("change", [{"key_name": "fpx_wrong.key"}, {"txnAmount": "1.00"}])
def test_a_forgotten_forgery_sets_no_moment(payment, at, change):
    GatewayMessage.objects.create(
        channel="callback",
        received_at=at + timedelta(minutes=1),
        raw=fakes.answer(payment, **change).decode(),
        order_number=payment.reference,
    )
    tell(payment, "00", channel="return", at=at + timedelta(minutes=3))
    assert Receipt.objects.get().issued_at == at + timedelta(minutes=3)


def test_judging_twice_changes_nothing(payment, at):
    message = tell(payment, "00")
    messages.judge_message(message=message, at=at + timedelta(hours=1))
    message.refresh_from_db()
    assert message.verdict == "accepted"
    assert Receipt.objects.count() == 1


def test_the_body_is_encrypted_at_rest(payment):
    message = tell(payment, "00")
    stored = GatewayMessage.objects.filter(pk=message.pk).extra(select={"sealed": "raw::text"})
    assert "N%40ME" in message.raw
    assert "N%40ME" not in stored.values_list("sealed", flat=True)[0]
    assert (
        "fpx_"
        not in Payment.objects.extra(select={"sealed": "request::text"}).values_list(
            "sealed", flat=True
        )[0]
    )
    assert json.loads(payment.request)


def test_certificates_are_read_once_a_process(payment, monkeypatch):
    tell(payment, "09")
    monkeypatch.setattr(signing, "_parsed", None)
    assert tell(payment, "00").verdict == "accepted"
