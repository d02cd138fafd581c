"""Asking FPX how an attempt stands, by the clock or the payer's button."""

import threading
from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace

import pytest
import requests
import responses
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from foundation.alarms import Alarm
from payments.fpx import Unreachable, client
from payments.models import GatewayMessage, Payment, PaymentCase
from payments.services import enquiries
from receipts.models import Receipt
from registration.models import Registration
from tests.factories import make_contribution, make_payment, make_registration, make_user, tell
from tests.payments import fakes

AE = f"{settings.FPX_URL}sellerNVPTxnStatus.jsp"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def fpx():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def answer_with(fpx, payment, code, **facts):
    fpx.post(AE, body=b"\r\n\r\n" + fakes.answer(payment, code, **facts))


def test_the_enquiry_is_the_request_with_another_type(fpx, payment, at):
    answer_with(fpx, payment, "09")
    enquiries.enquire(payment=payment, at=at + MINUTE)
    sent = fakes.decode(fpx.calls[0].request.body)
    asked = fakes.decode(fakes.encode(fakes.request_of(payment)))
    assert sent.pop("fpx_msgType") == "AE"
    assert asked.pop("fpx_msgType") == "AR"
    assert sent.pop("fpx_checkSum") != asked.pop("fpx_checkSum")
    assert sent == asked


@pytest.mark.parametrize(
    ("code", "status"),
    [("00", "succeeded"), ("09", "pending"), ("51", "failed"), ("76", "started"), ("1A", "failed")],
)
def test_the_answer_is_recorded(fpx, payment, at, code, status):
    answer_with(fpx, payment, code)
    asked = enquiries.enquire(payment=payment, at=at + MINUTE)
    assert asked.status == status
    assert asked.enquiry_code == code
    assert asked.last_enquired_at == at + MINUTE
    assert GatewayMessage.objects.get().channel == "enquiry"
    assert not asked.is_unsure


def test_the_moment_is_that_of_the_answer_not_of_the_question(payment, at, monkeypatch):
    reply = client.Reply(fakes.answer(payment), timedelta(seconds=7))
    monkeypatch.setattr(client, "ask", lambda request, *, timeout: reply)
    enquiries.enquire(payment=payment, at=at + MINUTE)
    assert Receipt.objects.get().issued_at == at + MINUTE + timedelta(seconds=7)


@pytest.mark.parametrize(
    "body", [b"ERROR", b"", b"msgfromfpx= PROSESSING ERROR", b"<html>", b"fpx_msgType=AC"]
)
def test_no_verified_answer_is_no_information(fpx, payment, at, body):
    fpx.post(AE, body=body)
    asked = enquiries.enquire(payment=payment, at=at + MINUTE)
    assert (asked.status, asked.enquiry_code) == ("started", "")
    assert asked.next_enquiry_at == at + 6 * MINUTE
    assert Alarm.objects.filter(kind="fpx_enquiry").exists()


@pytest.mark.parametrize(
    "failure", [{"body": requests.ConnectionError()}, {"status": 500}, {"status": 302}]
)
def test_an_fpx_that_does_not_answer_is_said_so(fpx, payment, at, failure):
    fpx.post(AE, **failure)
    if failure == {"status": 302}:  # followed nowhere, and no message
        assert enquiries.enquire(payment=payment, at=at + MINUTE).status == "started"
        return
    with pytest.raises(Unreachable):
        enquiries.enquire(payment=payment, at=at + MINUTE)
    payment.refresh_from_db()
    assert payment.next_enquiry_at == at + 2 * MINUTE  # it has not heard the question


@pytest.mark.parametrize(("after", "is_asked"), [(timedelta(seconds=59), False), (MINUTE, True)])
def test_at_most_one_a_minute(fpx, payment, at, after, is_asked):
    answer_with(fpx, payment, "09")
    enquiries.enquire(payment=payment, at=at + MINUTE)
    if is_asked:
        enquiries.enquire(payment=payment, at=at + MINUTE + after)
    else:
        with pytest.raises(enquiries.EnquiredJustNow, match="1 minit"):
            enquiries.enquire(payment=payment, at=at + MINUTE + after)
    assert len(fpx.calls) == 1 + is_asked


def test_an_enquiry_without_an_answer_forgets_the_last_one(fpx, payment, at):
    """A 09 of ten minutes ago must not let another attempt begin now."""
    tell(payment, "09", channel="enquiry", at=at + 10 * MINUTE)
    fpx.post(AE, body=b"ERROR")
    asked = enquiries.enquire(payment=payment, at=at + 21 * MINUTE)
    assert asked.blocks_another(at + 22 * MINUTE)


def test_a_clock_that_was_a_day_ahead_for_a_moment_stops_nothing(fpx, payment, at):
    answer_with(fpx, payment, "09")
    enquiries.enquire(payment=payment, at=at + timedelta(days=1))
    assert list(Payment.objects.to_enquire(at + 5 * MINUTE)) == [payment]
    enquiries.enquire(payment=payment, at=at + 5 * MINUTE)
    assert not Payment.objects.to_enquire(at + 6 * MINUTE).exists()


def test_one_of_two_clocks_may_be_a_little_ahead(fpx, payment, at):
    answer_with(fpx, payment, "09")
    enquiries.enquire(payment=payment, at=at + 6 * MINUTE)
    assert not Payment.objects.to_enquire(at + 5 * MINUTE).exists()
    with pytest.raises(enquiries.EnquiredJustNow):
        enquiries.enquire(payment=payment, at=at + 5 * MINUTE)


# --- several at one time -------------------------------------------------------------------
@pytest.fixture
def four(db, at):
    """Payments of four drivers."""
    names = ("Aminah", "Boon", "Chandran", "Devi")
    owed = [make_contribution(make_registration(make_user(name))) for name in names]
    return [make_payment(contribution, at=at) for contribution in owed]


def test_nobody_waits_for_the_answer_about_another(four, at, monkeypatch):
    all_asked = threading.Barrier(len(four))
    answers = {payment.request: fakes.answer(payment) for payment in four}

    def ask(request, *, timeout):
        all_asked.wait(timeout=10)
        return client.Reply(answers[request], timedelta(seconds=1))

    monkeypatch.setattr(client, "ask", ask)
    enquiries.enquire_together(payments=four, at=at + MINUTE)
    assert Receipt.objects.count() == 4
    assert {receipt.issued_at for receipt in Receipt.objects.all()} == {
        at + MINUTE + timedelta(seconds=1)
    }


@pytest.mark.parametrize("failure", [Unreachable("timeout"), ValueError("Invalid IPv6 URL")])
def test_what_fails_for_one_does_not_lose_the_answers_about_the_others(
    four, at, monkeypatch, failure
):
    answers = {payment.request: fakes.answer(payment) for payment in four}
    silent = four[1]

    def ask(request, *, timeout):
        if request == silent.request:
            raise failure
        return client.Reply(answers[request], timedelta())

    monkeypatch.setattr(client, "ask", ask)
    enquiries.enquire_together(payments=four, at=at + MINUTE)
    assert Payment.objects.filter(status="succeeded").count() == 3
    silent.refresh_from_db()
    assert (silent.status, silent.next_enquiry_at) == ("started", at + 2 * MINUTE)


def test_a_page_waits_less_for_fpx_than_the_clock_does(payment, at, monkeypatch, settings):
    waits = []

    def ask(request, *, timeout):
        waits.append(timeout)
        raise Unreachable("timeout")

    monkeypatch.setattr(client, "ask", ask)
    with pytest.raises(Unreachable):
        enquiries.enquire(payment=payment, at=at + MINUTE)
    with pytest.raises(Unreachable):
        enquiries.enquire_together(payments=[payment], at=at + 3 * MINUTE)
    assert waits == [settings.FPX_PAGE_TIMEOUT_SECONDS, settings.FPX_TIMEOUT_SECONDS]
    assert settings.FPX_PAGE_TIMEOUT_SECONDS <= 3


@pytest.fixture
def silent_fpx(monkeypatch):
    """FPX takes each question and answers none until it is let go."""
    fpx = SimpleNamespace(asked=threading.Semaphore(0), go=threading.Event())

    def ask(request, *, timeout):
        fpx.asked.release()
        fpx.go.wait(10)
        raise Unreachable("timeout")

    monkeypatch.setattr(client, "ask", ask)
    yield fpx
    fpx.go.set()


@pytest.fixture
def on_a_page(silent_fpx):
    """Somebody asks about a payment and waits, on a connection of their own."""
    waiting = []

    def start(payment, at):
        def wait():
            with suppress(Unreachable):
                enquiries.enquire(payment=payment, at=at)
            connections.close_all()

        waiting.append(threading.Thread(target=wait, daemon=True))
        waiting[-1].start()
        assert silent_fpx.asked.acquire(timeout=10)

    yield start
    silent_fpx.go.set()
    for thread in waiting:
        thread.join(10)


@pytest.mark.django_db(transaction=True)
def test_of_one_account_one_page_waits_for_fpx(four, at, on_a_page, silent_fpx):
    mine, also_mine, other = four[:3]
    user = mine.contribution.registration.user
    Registration.objects.filter(contributions=also_mine.contribution).update(
        user=user, sector="bus"
    )
    also_mine = Payment.objects.get(pk=also_mine.pk)
    on_a_page(mine, at + MINUTE)
    with pytest.raises(enquiries.AskedSoon, match="dalam 1 minit"):
        enquiries.enquire(payment=also_mine, at=at + MINUTE)
    assert Payment.objects.to_enquire(at + MINUTE).get() == also_mine
    on_a_page(other, at + MINUTE)


@pytest.mark.django_db(transaction=True)
def test_few_pages_wait_for_fpx_at_one_time(four, at, on_a_page, silent_fpx, settings):
    *waiting, last = four[: settings.FPX_PAGE_ENQUIRIES_AT_ONCE + 1]
    for payment in waiting:
        on_a_page(payment, at + MINUTE)
    with pytest.raises(enquiries.AskedSoon):
        enquiries.enquire(payment=last, at=at + MINUTE)
    assert not silent_fpx.asked.acquire(blocking=False)
    assert settings.FPX_PAGE_ENQUIRIES_AT_ONCE <= settings.WEB_THREADS / 2


@pytest.mark.django_db(transaction=True)
def test_a_sure_no_that_must_wait_keeps_the_plan_no_longer(four, at, on_a_page):
    *waiting, failed = four[:3]
    tell(failed, "51", at=at + MINUTE)
    Payment.objects.filter(pk=failed.pk).update(next_enquiry_at=None)
    failed.refresh_from_db()
    for payment in waiting:
        on_a_page(payment, at + MINUTE)
    with pytest.raises(enquiries.Busy) as busy:
        enquiries.enquire(payment=failed, at=at + 2 * MINUTE)
    assert not isinstance(busy.value, enquiries.AskedSoon)
    failed.refresh_from_db()
    assert not failed.is_unsure


def test_the_wait_is_that_of_the_line(fpx, payment, at, settings):
    answer_with(fpx, payment, "09")
    enquiries.enquire(payment=payment, at=at + MINUTE)
    asked = fpx.calls[0].request.req_kwargs["timeout"]
    assert asked == settings.FPX_PAGE_TIMEOUT_SECONDS


def test_about_nobody_nothing_is_asked(fpx, at):
    enquiries.enquire_together(payments=[], at=at)
    assert not fpx.calls


# --- stops waiting -------------------------------------------------------------------------
@pytest.mark.parametrize(("minutes", "status"), [(19, "started"), (20, "expired"), (40, "expired")])
def test_unseen_after_twenty_minutes_it_expires(fpx, payment, at, minutes, status):
    answer_with(fpx, payment, "76")
    asked = enquiries.enquire(payment=payment, at=at + minutes * MINUTE)
    assert asked.status == status
    assert (asked.next_enquiry_at is None) is False
    contribution = asked.contribution
    contribution.refresh_from_db()
    assert contribution.is_held == (status == "started")


def test_the_clock_expires_them_too(payment, at):
    tell(payment, "76", channel="enquiry", at=at + 20 * MINUTE)
    assert enquiries.expire_unseen(at=at + 21 * MINUTE) == 1
    assert enquiries.expire_unseen(at=at + 22 * MINUTE) == 0
    assert Payment.objects.get().status == "expired"


def test_what_fpx_has_seen_does_not_expire(payment, at):
    tell(payment, "09", channel="enquiry", at=at + 20 * MINUTE)
    assert enquiries.expire_unseen(at=at + timedelta(days=8)) == 0


def test_an_expired_one_is_asked_about_for_a_day(fpx, contribution, at):
    payment = make_payment(contribution, "expired")
    answer_with(fpx, payment, "76")
    asked = enquiries.enquire(payment=payment, at=at + timedelta(hours=23))
    assert asked.next_enquiry_at == at + timedelta(hours=24)
    asked = enquiries.enquire(payment=asked, at=at + timedelta(hours=24))
    assert asked.next_enquiry_at is None


def test_a_certain_no_is_not_asked_about_again_by_the_clock(fpx, contribution, at):
    payment = make_payment(contribution, "failed")
    answer_with(fpx, payment, "51")
    asked = enquiries.enquire(payment=payment, at=at + timedelta(hours=1))
    assert asked.next_enquiry_at is None


@pytest.mark.parametrize("hours", [71, 72])
@pytest.mark.parametrize("status", [one for one in Payment.Status if one != "expired"])
def test_undecided_for_three_days_is_a_case(contribution, at, status, hours):
    payment = make_payment(contribution, status)
    is_due = hours == 72 and status in {"started", "pending"}
    assert enquiries.open_overdue_cases(at=at + timedelta(hours=hours)) == is_due
    assert enquiries.open_overdue_cases(at=at + timedelta(hours=hours)) == 0
    assert PaymentCase.objects.filter(kind="undecided", payment=payment).count() == is_due


# --- never inside a transaction ------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_fpx_is_asked_outside_of_transactions(payment, at, monkeypatch):
    ours = connections[DEFAULT_DB_ALIAS]

    def ask(request, *, timeout):
        assert not ours.in_atomic_block
        return client.Reply(fakes.answer(payment), timedelta())

    monkeypatch.setattr(client, "ask", ask)
    assert enquiries.enquire(payment=payment, at=at + MINUTE).status == "succeeded"
