"""What the payer is told after the commit."""

from datetime import timedelta

import pytest
import responses
from django.conf import settings
from django.core import mail

from payments.tasks import (
    send_double_payment,
    send_double_payment_sms,
    send_payment_outcome,
    send_waiting_stopped,
)
from tests.factories import make_payment, tell


@pytest.mark.parametrize(
    ("code", "subject", "words"),
    [
        ("09", "Bayaran sedang disahkan", "Jangan bayar sekali lagi"),
        ("51", "Bayaran tidak berjaya", "Baki akaun anda tidak mencukupi."),
    ],
)
def test_an_outcome_is_mailed(payment, aminah, at, code, subject, words):
    tell(payment, code)
    send_payment_outcome.handler(payment.pk, at=at)
    (letter,) = mail.outbox
    assert letter.to == [aminah.email]
    assert letter.subject == subject
    assert words in letter.body
    assert payment.reference in letter.body
    assert f"{settings.PORTAL_URL}/bayaran/{payment.reference}/" in letter.body
    assert aminah.ic_number not in letter.body


@pytest.mark.parametrize("status", ["started", "succeeded", "expired"])
def test_old_news_is_not_mailed(contribution, at, status):
    payment = make_payment(contribution, status)
    send_payment_outcome.handler(payment.pk, at=at)
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("code", "is_paid", "words"),
    [
        ("51", False, "anda boleh membayar semula di:"),
        ("96", False, "Semak status sebelum membayar semula:"),
        ("51", True, "Jangan bayar lagi."),
    ],
)
def test_a_failure_is_mailed_with_what_to_do(contribution, at, code, is_paid, words):
    """FPX is asked about an unsure "no" once more; who paid otherwise must not pay again."""
    payment = make_payment(contribution)
    tell(payment, code)
    if is_paid:
        make_payment(contribution, "succeeded", at=at + timedelta(hours=1))
    mail.outbox.clear()
    send_payment_outcome.handler(payment.pk, at=at)
    (letter,) = mail.outbox
    assert words in letter.body


@pytest.mark.parametrize(("status", "letters"), [("expired", 1), ("succeeded", 0)])
def test_that_nobody_waits_any_more_is_mailed_unless_the_bank_spoke(
    contribution, at, status, letters
):
    payment = make_payment(contribution, status)
    send_waiting_stopped.handler(payment.pk, at=at)
    assert len(mail.outbox) == letters
    for letter in mail.outbox:
        assert letter.subject == "Bank belum memutuskan bayaran anda"
        assert f"{settings.PORTAL_URL}/bayaran/{payment.reference}/" in letter.body


def test_mails_are_in_the_drivers_language(payment, aminah, at):
    aminah.language = "en"
    aminah.save()
    tell(payment, "51")
    send_payment_outcome.handler(payment.pk, at=at)
    assert f"/en/bayaran/{payment.reference}/" in mail.outbox[0].body


def test_paid_twice_is_mailed_and_texted(payment, aminah, at):
    send_double_payment.handler(payment.pk, at=at)
    assert "dua kali" in mail.outbox[0].subject
    with responses.RequestsMock() as gateway:
        gateway.post(settings.SMS_URL)
        send_double_payment_sms.handler(payment.pk, at=at)
        body = gateway.calls[0].request.body
    assert payment.reference in body
    assert "RM0.00+PERKESO" in body
