"""An attempt begins: its request is signed and kept, and there is one that is undecided."""

import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest

from contributions.models import Contribution
from payments.models import Payment
from payments.services import attempts
from payments.services.attempts import new_reference
from registration.models import Registration, SupportingDocument
from tests.factories import (
    follow_rate,
    make_banks,
    make_contribution,
    make_cover,
    make_payment,
    make_registration,
    tell,
)

TWENTY = timedelta(minutes=20)


def start(contribution, at, **changes):
    facts = {"bank": make_banks(at=at), "buyer_email": "aminah@contoh.com", "at": at} | changes
    return attempts.start_payment(contribution=contribution, **facts)


def test_the_signed_request_is_kept_field_by_field(contribution, at):
    payment = start(contribution, at)
    request = json.loads(payment.request)
    assert payment.status == "started"
    assert payment.amount == contribution.amount
    assert len(request) == 21
    assert request["fpx_msgType"] == "AR"
    assert request["fpx_sellerExOrderNo"] == request["fpx_sellerOrderNo"] == payment.reference
    assert request["fpx_sellerTxnTime"] == "20261122100000"
    assert request["fpx_txnAmount"] == "13.10"
    assert request["fpx_buyerBankId"] == "TEST0021"
    assert request["fpx_buyerEmail"] == "aminah@contoh.com"
    assert request["fpx_productDesc"] == "SPS Pelan 1 1 bulan"
    assert re.fullmatch(r"[0-9A-F]{512}", request["fpx_checkSum"])


def test_a_reference_is_short_plain_and_new(at):
    references = {new_reference(at) for _ in range(100)}
    assert len(references) == 100
    assert all(re.fullmatch(r"261122[0-9A-Z]{10}", reference) for reference in references)


def test_the_contribution_is_held_and_an_enquiry_planned(contribution, at):
    payment = start(contribution, at)
    contribution.refresh_from_db()
    assert contribution.held_at == at
    assert payment.next_enquiry_at == at + timedelta(minutes=5)


@pytest.mark.parametrize("status", [one for one in Contribution.Status if one != "open"])
def test_what_is_not_owed_is_not_paid(contribution, at, status):
    Contribution.objects.update(status=status)
    with pytest.raises(attempts.NotPayable):
        start(contribution, at)


@pytest.mark.parametrize("status", ["returned", "rejected"])
def test_a_refused_registration_may_not_pay(aminah, at, status):
    contribution = make_contribution(make_registration(aminah))
    registration = contribution.registration
    registration.status, registration.reason = status, "blurred"
    registration.save()
    with pytest.raises(attempts.NotPayable):
        start(contribution, at)


@pytest.mark.parametrize(("limits", "may_begin"), [("13.10 30", True), ("13.11 30", False)])
def test_fpx_has_limits(contribution, at, settings, limits, may_begin):
    settings.FPX_LIMITS = tuple(map(Decimal, limits.split()))
    if may_begin:
        assert start(contribution, at)
        return
    with pytest.raises(attempts.NotPayable):
        start(contribution, at)


# --- the rules are asked again -------------------------------------------------------------
@pytest.mark.parametrize(("days", "may_begin"), [(0, True), (1, False)])
def test_a_licence_counts_through_its_last_day(contribution, at, days, may_begin):
    SupportingDocument.objects.filter(kind="lesen").update(expiry_date=at.date())
    if may_begin:
        assert start(contribution, at)
        return
    with pytest.raises(attempts.NotPayable) as refusal:
        start(contribution, at + timedelta(days=days))
    assert refusal.value.is_mended_by_driver


@pytest.mark.parametrize(
    ("amount", "words"), [(None, "tidak ditawarkan sekarang"), ("13.20", "dahulu RM13.10 sebulan")]
)
def test_a_rate_that_is_no_longer_on_offer_is_not_paid(contribution, at, amount, words):
    follow_rate(amount=amount)
    with pytest.raises(attempts.NotPayable, match=words) as refusal:
        start(contribution, at)
    assert refusal.value.is_mended_by_driver
    assert not Payment.objects.exists()


def test_what_an_officer_must_see_first_is_not_paid(contribution, at):
    Registration.objects.update(region="sabah")
    with pytest.raises(attempts.NotPayable):
        start(contribution, at)


@pytest.mark.parametrize("status", ["started", "pending"])
def test_while_one_is_undecided_no_other_begins(contribution, at, status):
    earlier = make_payment(contribution, status)
    with pytest.raises(attempts.AttemptUndecided) as refusal:
        start(contribution, at + timedelta(days=3))
    assert refusal.value.payment == earlier


@pytest.mark.parametrize("status", ["failed", "expired"])
def test_after_a_no_another_begins(contribution, at, status):
    earlier = make_payment(contribution, status)
    later = start(contribution, at + timedelta(hours=1))
    assert later.reference != earlier.reference


@pytest.mark.parametrize(
    ("code", "asked_after", "may_begin"),
    [
        ("09", TWENTY, True),
        ("09", TWENTY - timedelta(seconds=1), False),
        ("99", TWENTY, False),
        ("", TWENTY, False),
    ],
)
def test_one_that_still_waits_after_twenty_minutes_gives_way(
    contribution, payment, at, code, asked_after, may_begin
):
    tell(payment, code, channel="enquiry", at=at + asked_after)
    if not may_begin:
        with pytest.raises(attempts.AttemptUndecided):
            start(contribution, at + timedelta(hours=1))
        return
    locked = Contribution.objects.get(pk=contribution.pk)
    assert attempts.check_payable(contribution=locked, at=at + timedelta(hours=1)) == [payment]
    assert start(contribution, at + timedelta(hours=1))


def test_a_no_to_be_confirmed_blocks_for_the_life_of_the_attempt(contribution, payment, at):
    tell(payment, "1A")
    with pytest.raises(attempts.AttemptUndecided):
        start(contribution, at + TWENTY - timedelta(seconds=1))
    assert start(contribution, at + TWENTY)


def test_no_third_period_is_sold(aminah, at):
    """A late success for a dropped contribution queues a period while another is owed."""
    registration = make_registration(aminah)
    make_cover(registration, issued_at=at)
    dropped = make_contribution(registration, months=1, at=at)
    payment = start(dropped, at)
    tell(payment, "51", at=at)
    owed = make_contribution(registration, months=12, at=at)
    tell(payment, "00", at=at)
    with pytest.raises(attempts.NotPayable):
        start(owed, at)


@pytest.mark.parametrize("email", ["a|b@contoh.com", "álí@contoh.com"])
def test_an_address_that_fpx_cannot_take_starts_nothing(contribution, at, email):
    with pytest.raises(ValueError, match="fpx_buyerEmail"):
        start(contribution, at, buyer_email=email)
    assert not Payment.objects.exists()
