"""What FPX is still asked about, and what is kept as it is until it has answered."""

from contextlib import suppress
from datetime import timedelta

import pytest

from payments.fpx import Unreachable, client
from payments.models import Payment, PaymentCase
from payments.services import attempts, enquiries, messages, undecided
from payments.services.unverified import look_at
from tests.factories import make_officer, make_payment, tell
from tests.payments import fakes

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def fpx(monkeypatch):
    """Answers by a code, or not at all: `fpx("09")`, `fpx(None)`."""

    def answers(code):
        body = code and fakes.answer(Payment.objects.get(), code)

        def ask(request, *, timeout):
            if body is None:
                raise Unreachable("away")
            return client.Reply(body, timedelta())

        monkeypatch.setattr(client, "ask", ask)

    return answers


def asked(payment, at):
    """The payment after the clock asked about it at that moment."""
    with suppress(Unreachable):
        enquiries.enquire(payment=Payment.objects.get(pk=payment.pk), at=at)
    return Payment.objects.select_related("contribution").get(pk=payment.pk)


# --- after an officer stopped waiting ------------------------------------------------------
@pytest.mark.parametrize("code", ["99", "09", None])
def test_a_bank_that_nobody_waits_for_any_more_is_asked_for_the_rest_of_the_week(
    payment, at, fpx, code
):
    """A second person may authorise on the fourth day, and the message of it may be lost."""
    fpx(code)
    asked(payment, at + 71 * HOUR)
    enquiries.open_overdue_cases(at=at + 72 * HOUR)
    undecided.stop_waiting(
        case=PaymentCase.objects.get(), reason="x", by=make_officer(), at=at + 73 * HOUR
    )
    assert asked(payment, at + 83 * HOUR).next_enquiry_at is not None
    fpx("00")
    assert asked(payment, at + 95 * HOUR).status == "succeeded"


def test_whoever_pays_again_after_that_is_warned(payment, at, fpx):
    fpx(None)
    enquiries.open_overdue_cases(at=at + 72 * HOUR)
    undecided.stop_waiting(
        case=PaymentCase.objects.get(), reason="x", by=make_officer(), at=at + 73 * HOUR
    )
    warned = attempts.check_payable(contribution=payment.contribution, at=at + 74 * HOUR)
    assert warned == [payment]


# --- after it expired ------------------------------------------------------------------------
@pytest.mark.parametrize(("hours", "is_asked"), [(23, True), (25, False)])
def test_what_fpx_has_not_seen_in_a_day_is_asked_about_no_more(
    contribution, at, fpx, hours, is_asked
):
    payment = make_payment(contribution, "expired")
    fpx("76")
    assert (asked(payment, at + hours * HOUR).next_enquiry_at is not None) == is_asked


def test_what_a_bank_has_after_all_is_asked_about_on(contribution, at, fpx):
    payment = make_payment(contribution, "expired")
    tell(payment, "09", at=at + 25 * HOUR)
    fpx("09")
    late = asked(payment, at + 25 * HOUR + MINUTE)
    assert late.next_enquiry_at is not None
    assert late.may_be_charged_twice


@pytest.mark.parametrize("age", [25 * HOUR, 8 * DAY])
def test_the_question_of_a_settlement_file_is_put_again_while_fpx_is_silent(
    contribution, at, fpx, age
):
    """It is the last one: the schedule has no further turn."""
    payment = make_payment(contribution, "expired")
    Payment.objects.update(next_enquiry_at=at + age)
    fpx(None)
    assert asked(payment, at + age).next_enquiry_at == at + age + MINUTE
    fpx("00")
    assert asked(payment, at + age + MINUTE).status == "succeeded"


def test_an_answer_judged_after_the_next_one_is_old_news(payment, at, fpx):
    """His bank has it meanwhile: it must not expire for what FPX said before."""
    old = at + timedelta(minutes=19, seconds=30)
    look = look_at(channel="enquiry", raw=fakes.answer(payment, "76"), at=old)
    messages._store("enquiry", look, old)  # its judge was killed
    fpx("09")
    asked(payment, at + 21 * MINUTE)
    enquiries.judge_left_over(at=at + 22 * MINUTE)
    enquiries.expire_unseen(at=at + 22 * MINUTE)
    payment.refresh_from_db()
    assert (payment.status, payment.enquiry_code) == ("pending", "09")


# --- an unsure "no" --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "after", "is_held"),
    [
        (None, 5 * MINUTE, True),
        ("09", 5 * MINUTE, True),
        ("51", 5 * MINUTE, False),  # sure now
        ("76", 5 * MINUTE, False),
        (None, 20 * MINUTE, False),  # nobody is at the bank's pages any more
        ("09", 20 * MINUTE, False),
    ],
)
def test_the_plan_stays_while_an_unsure_no_is_asked_about(payment, at, fpx, code, after, is_held):
    tell(payment, "96")
    fpx(code)
    assert asked(payment, at + after).contribution.is_held == is_held


def test_a_bank_that_waits_after_its_no_may_still_take_the_money(payment, at, fpx):
    tell(payment, "96")
    fpx("09")
    late = asked(payment, at + 21 * MINUTE)
    assert (late.status, late.may_be_charged_twice) == ("failed", True)
    warned = attempts.check_payable(contribution=late.contribution, at=at + 22 * MINUTE)
    assert warned == [payment]
