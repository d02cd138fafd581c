"""What the clock starts."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.utils import timezone

from payments import jobs
from payments.fpx import Unreachable, client
from payments.models import Payment
from tests.factories import make_contribution, make_payment, make_registration, make_user
from tests.payments import fakes


@pytest.fixture
def asked(at, monkeypatch):
    """The references that FPX was asked about; it answers 09."""
    references = []

    def ask(request, *, timeout):
        references.append(json.loads(request)["fpx_sellerOrderNo"])
        # In a thread of its own: nothing of the test's transaction is seen there.
        kept = SimpleNamespace(pk=1, request=request, started_at=at)
        return client.Reply(fakes.answer(kept, "09"), timedelta(seconds=1))

    monkeypatch.setattr(client, "ask", ask)
    return references


def test_due_payments_are_enquired_about(payment, at, asked):
    with time_machine.travel(at + timedelta(minutes=4, seconds=59), tick=False):
        jobs.enquire_undecided(at=timezone.now())
    assert asked == []
    with time_machine.travel(at + timedelta(minutes=5), tick=False):
        jobs.enquire_undecided(at=timezone.now())
        jobs.enquire_undecided(at=timezone.now())
    assert asked == [payment.reference]
    payment.refresh_from_db()
    assert payment.status == "pending"
    assert payment.next_enquiry_at == at + timedelta(minutes=10)


def test_one_enquired_about_just_now_does_not_stop_the_others(payment, at, asked):
    other = make_payment(make_contribution(make_registration(make_user("Boon"))), at=at)
    Payment.objects.filter(pk=payment.pk).update(last_enquired_at=at + timedelta(minutes=5))
    with time_machine.travel(at + timedelta(minutes=5, seconds=30), tick=False):
        jobs.enquire_undecided(at=timezone.now())
    assert asked == [other.reference]


def test_an_fpx_that_is_away_is_left_alone(payment, at, monkeypatch, settings):
    settings.FPX_ENQUIRIES_AT_ONCE = 2
    for name in ("Boon", "Chandran"):
        make_payment(make_contribution(make_registration(make_user(name))), at=at)
    calls = []

    def ask(request, *, timeout):
        calls.append(request)
        raise Unreachable("away")

    monkeypatch.setattr(client, "ask", ask)
    with time_machine.travel(at + timedelta(minutes=5), tick=False):
        jobs.enquire_undecided(at=timezone.now())
    assert len(calls) == 2
    with time_machine.travel(at + timedelta(minutes=6), tick=False):
        jobs.enquire_undecided(at=timezone.now())  # the third's turn came first
    assert len(set(calls)) == 3
