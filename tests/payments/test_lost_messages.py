"""Every message is lost: neither callback nor return comes, and the clock's questions find out."""

from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine

from payments import jobs
from payments.fpx import client
from perkeso.jobs import JOBS
from receipts.models import Receipt
from tests.payments import fakes

BEAT = timedelta(seconds=next(job.when for job in JOBS if job.service == jobs.enquire_undecided))
PROMISE = timedelta(minutes=6)
SLOW = timedelta(seconds=8)  # FPX takes its time to answer; it may take ten seconds


@pytest.fixture
def bank(payment, monkeypatch):
    """Decides at `bank.decides_at`; an enquiry hears of it, and nobody else does."""

    class Bank:
        asked_at = []

        def ask(self, request, *, timeout):
            self.asked_at.append(self.now)
            code = "00" if self.now >= self.decides_at else "09"
            return client.Reply(fakes.answer(payment, code), SLOW)

    bank = Bank()
    monkeypatch.setattr(client, "ask", bank.ask)
    return bank


def walk(bank, at, *, until):
    """The clock's job at each beat; each starts a moment sooner than the last, and so just misses
    what is due: no two enquiries can lie further apart.
    """
    delay, beat = timedelta(seconds=1), at
    while beat < until and not Receipt.objects.exists():
        bank.now = beat + delay
        with time_machine.travel(bank.now, tick=False):
            jobs.enquire_undecided(at=bank.now)
        beat, delay = beat + BEAT, delay - timedelta(milliseconds=10)


def test_fpx_is_asked_so_often_that_no_success_waits_longer(bank, at):
    """Whenever in the first half-hour the bank decides, an enquiry follows in time."""
    bank.decides_at = at + timedelta(hours=9)
    walk(bank, at, until=at + timedelta(minutes=37))
    moments = [at, *bank.asked_at]
    waits = [later - earlier for earlier, later in pairwise(moments)]
    assert moments[-1] > at + timedelta(minutes=30)
    assert timedelta(minutes=5) < max(waits)
    assert max(waits) + SLOW <= PROMISE


@pytest.mark.parametrize("seconds", [0, 301, 332, 15 * 60, 20 * 60, 30 * 60])
def test_it_is_credited_within_six_minutes_of_the_banks_success(bank, payment, at, seconds):
    bank.decides_at = at + timedelta(seconds=seconds)
    walk(bank, at, until=at + timedelta(hours=1))
    credited_at = bank.now + SLOW
    assert bank.decides_at < credited_at <= bank.decides_at + PROMISE
    receipt = Receipt.objects.get()
    assert receipt.payment_reference == payment.reference
    assert receipt.issued_at <= credited_at
