"""FPX's word of a payment that does not agree: an officer looks, and its driver is not stuck."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from foundation.alarms import Alarm
from foundation.models import OutboxRow
from payments import tasks
from payments.models import Payment
from payments.services import attempts, cases, enquiries
from tests.factories import make_officer, make_payment, tell

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MISMATCH = {"txnAmount": "1.00"}


def fresh(payment):
    return Payment.objects.select_related("contribution").get(pk=payment.pk)


def read(client, payment):
    client.force_login(payment.contribution.registration.user)
    return client.get(reverse("payments:payment", args=[payment.reference])).content.decode()


def mailed():
    return OutboxRow.objects.filter(kind__endswith="send_payment_looked_into").count()


# --- an answer that does not agree -----------------------------------------------------------
@pytest.mark.parametrize("facts", [MISMATCH, {"fpxTxnId": ""}, {"sellerTxnTime": "20261122100001"}])
def test_the_page_says_what_is_true_and_offers_another_way(client, payment, facts):
    tell(payment, "00", **facts)
    text = read(client, payment)
    assert "Jawapan FPX tentang bayaran ini tidak sepadan" in text
    assert "pegawai sedang menyemaknya" in text
    assert "Bank belum memberi jawapan" not in text
    assert reverse("payments:choose_bank", args=[payment.contribution.public_id]) in text


def test_another_attempt_begins_under_the_warning(client, payment, at, clock):
    tell(payment, "00", **MISMATCH)
    contribution = fresh(payment).contribution
    assert attempts.check_payable(contribution=contribution, at=at + 2 * MINUTE) == [payment]
    client.force_login(contribution.registration.user)
    url = reverse("payments:choose_bank", args=[contribution.public_id])
    assert "sedang disemak oleh pegawai" in client.get(url).content.decode()
    make_payment(contribution, "succeeded", at=at + 3 * MINUTE)
    tell(payment, "00", at=at + 5 * MINUTE)  # the right amount after all
    assert fresh(payment).cases.filter(kind="double_payment").exists()


def test_the_payer_is_told_by_mail_once(payment):
    for amount in ("1.00", "2.00"):
        tell(payment, "00", txnAmount=amount)
    row = OutboxRow.objects.get(kind__endswith="send_payment_looked_into")
    tasks.send_payment_looked_into.handler(row.subject_id, at=payment.started_at)
    [letter] = mail.outbox
    assert payment.reference in letter.body
    assert "tidak sepadan" in letter.body
    assert "membayar sekali lagi" in letter.body


def test_who_has_paid_is_told_nothing(payment):
    tell(payment)
    tell(payment, "51", at=payment.started_at + HOUR)
    assert fresh(payment).cases.filter(kind="anomaly").exists()
    assert not mailed()


def test_once_the_officer_has_explained_it_nobody_is_warned_or_stuck(client, payment, at):
    tell(payment, "00", **MISMATCH)
    case = payment.cases.get()
    cases.close_case(case=case, reason="Tiada wang", by=make_officer(), at=at + HOUR)
    contribution = fresh(payment).contribution
    assert attempts.check_payable(contribution=contribution, at=at + HOUR) == []
    assert "tidak sepadan" not in read(client, payment)


def test_a_no_that_does_not_agree_is_looked_into_too(client, payment):
    tell(payment, "00", **MISMATCH)
    tell(payment, "51")
    text = read(client, payment)
    assert "Bayaran tidak berjaya" in text
    assert "pegawai sedang menyemaknya" in text


# --- FPX contradicts itself --------------------------------------------------------------------
@pytest.fixture(params=["09", "99", "09 as an answer", "amount", "XN"])
def acknowledged(request, payment):
    """FPX has named a transaction for it."""
    match request.param:
        case "amount":
            tell(payment, "00", **MISMATCH)
        case "09 as an answer":
            tell(payment, "09", channel="enquiry")
        case code:
            tell(payment, code)
    return fresh(payment)


def unseen(payment, at):
    tell(payment, "76", channel="enquiry", at=at)
    enquiries.expire_unseen(at=at)
    return fresh(payment)


def test_what_fpx_has_named_a_transaction_for_does_not_expire(acknowledged, at):
    before = acknowledged.status
    late = unseen(acknowledged, at + 21 * MINUTE)
    assert late.status == before
    assert late.fpx_transaction_id
    assert not late.is_unseen


def test_it_is_a_case_and_an_alarm_once_and_its_driver_is_told(acknowledged, at):
    for minutes in (21, 26, 31):
        late = unseen(acknowledged, at + minutes * MINUTE)
    detail = f"76, fpx_fpxTxnId={late.fpx_transaction_id}"
    case = late.cases.get(kind="anomaly", detail=detail)
    assert Alarm.objects.filter(kind="payment_anomaly", key=late.reference).exists()
    assert mailed() == 1
    cases.close_case(case=case, reason="Ditanya", by=make_officer(), at=at + HOUR)
    unseen(acknowledged, at + 2 * HOUR)
    assert late.cases.filter(detail=detail).count() == 1


def test_a_second_payment_is_warned_of(client, acknowledged, at):
    late = unseen(acknowledged, at + 21 * MINUTE)
    assert late.may_be_charged_twice
    assert attempts.check_payable(contribution=late.contribution, at=at + 22 * MINUTE) == [late]
    text = read(client, late)
    assert "FPX tidak menerima bayaran ini" not in text
    assert "FPX belum menerima bayaran ini" not in text
    assert "anda membayar dua kali" in text


def test_too_early_it_is_no_contradiction_yet(payment, at):
    tell(payment, "09")
    early = unseen(payment, at + 19 * MINUTE)
    assert not early.cases.exists()
    assert early.blocks_another(at + 19 * MINUTE)


def test_good_news_still_settles_it(acknowledged, at):
    late = unseen(acknowledged, at + 21 * MINUTE)
    tell(late, "00", at=at + 30 * MINUTE)
    assert fresh(late).status == "succeeded"


def test_an_expired_one_that_a_bank_has_after_all_is_contradicted_too(contribution, at):
    payment = make_payment(contribution, "expired")
    tell(payment, "09", at=at + 30 * MINUTE)
    late = unseen(payment, at + 36 * MINUTE)
    assert (late.status, late.may_be_charged_twice) == ("expired", True)
    assert late.next_enquiry_at is not None
    assert late.cases.get().kind == "anomaly"
    assert attempts.check_payable(contribution=late.contribution, at=at + HOUR) == [late]


def test_an_answer_without_the_transaction_does_not_take_it_back(payment, at):
    tell(payment, "09", channel="return")
    tell(payment, "09", channel="enquiry", at=at + 6 * MINUTE, fpxTxnId="", fpxTxnTime="")
    tell(payment, "51", at=at + 7 * MINUTE, fpxTxnId="", fpxTxnTime="")
    assert fresh(payment).fpx_transaction_id
