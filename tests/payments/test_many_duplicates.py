"""Copies in any order, from many hands at once, make one credit each.

`DUPLICATES` sets how many messages of a thousand callbacks the proof sends in all: 100,000 unless
told, which take seven minutes of CPU, in parts for two cores to share.
"""

import os
import random
import time
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from datetime import timedelta
from queue import Empty, SimpleQueue
from uuid import uuid4

import pytest
from django.db import connections
from django.db.models import Count, Sum

from contributions.models import CoveragePeriod
from payments.models import GatewayMessage, Payment, PaymentQuerySet
from payments.services import enquiries, invariants, messages
from payments.services.attempts import new_reference
from receipts.models import Receipt
from receipts.services import issuing
from tests.by_hand import by_hand
from tests.factories import make_contribution, make_payment, make_registration, make_user
from tests.payments import fakes

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 16
HANDS = 4  # of the mountain: more of them wait for Python more than for one another
PARTS = 4


def make_payments(count):
    """So many drivers at their bank: one whom the services brought there, and copies of him."""
    first = make_payment(make_contribution(make_registration(make_user())))
    return [first, *(copy_payment(first, place) for place in range(1, count))]


def copy_payment(payment, place):
    """The same attempt by another driver; only his documents are not there."""
    owed = payment.contribution
    driver = make_user(f"Pemandu {place}")
    registration = copy_row(owed.registration, user=driver, public_id=uuid4())
    reference = new_reference(payment.started_at)
    return copy_row(
        payment,
        contribution=copy_row(owed, registration=registration, public_id=uuid4()),
        reference=reference,
        request=payment.request.replace(payment.reference, reference),
    )


def copy_row(row, **changes):
    """Another row like it, as Django's manual makes it."""
    copied = copy(row)
    copied.pk, copied._state.adding = None, True
    for name, value in changes.items():
        setattr(copied, name, value)
    with by_hand():  # no service makes a row that is submitted already
        copied.save()
    return copied


def send_all(bodies, at, threads=THREADS):
    """Every body through the one way in, by so many threads; the verdicts of all."""
    queue = SimpleQueue()
    for raw in bodies:
        queue.put(raw)

    def drain(channel):
        verdicts = []
        try:
            while True:
                raw = queue.get_nowait()
                message = messages.record_message(channel=channel, raw=raw, at=at)
                verdicts.append(message.verdict)
        except Empty:
            return verdicts
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as hands:
        told = hands.map(drain, ["callback", "return"] * (threads // 2))
        return [verdict for verdicts in told for verdict in verdicts]


def assert_each_is_credited_once(verdicts, count, at):
    assert verdicts.count("accepted") == count
    assert set(verdicts) == {"accepted", "repeated"}
    assert Payment.objects.filter(status="succeeded").count() == count
    assert Receipt.objects.count() == CoveragePeriod.objects.count() == count
    assert invariants.check_invariants(at=at) == []


@pytest.fixture
def race(monkeypatch):
    """Whoever settles takes his time, so that the others are sure to come meanwhile."""
    issue_receipt = issuing.issue_receipt

    def issue_slowly(**facts):
        time.sleep(0.02)
        return issue_receipt(**facts)

    monkeypatch.setattr(issuing, "issue_receipt", issue_slowly)


@pytest.mark.parametrize("has_lock", [True, False])
def test_sixteen_threads_of_shuffled_duplicates(at, race, monkeypatch, has_lock):
    """With the payment's lock each copy is judged at once; without it the race shows."""
    payments = make_payments(8)
    bodies = [fakes.answer(payment) for payment in payments] * 16
    random.Random(5).shuffle(bodies)
    later = at + timedelta(minutes=1)
    if has_lock:
        assert_each_is_credited_once(send_all(bodies, later), 8, later)
        return
    monkeypatch.setattr(PaymentQuerySet, "select_for_update", lambda rows, *_, **__: rows)
    with pytest.raises(AssertionError):
        assert_each_is_credited_once(send_all(bodies, later), 8, later)
    # Even then the database credits nobody twice, and the clock judges what lost its race.
    assert Receipt.objects.count() == CoveragePeriod.objects.count() == 8
    monkeypatch.undo()
    enquiries.judge_left_over(at=at + timedelta(hours=1))
    assert not GatewayMessage.objects.unjudged().exists()
    assert invariants.check_invariants(at=later) == []


@pytest.mark.proof
@pytest.mark.parametrize("part", range(PARTS))
def test_a_mountain_of_duplicates(at, part):
    callbacks = 1000 // PARTS
    copies = int(os.environ.get("DUPLICATES", "100000")) // 1000
    payments = make_payments(callbacks)
    bodies = [fakes.answer(payment) for payment in payments] * copies
    random.shuffle(bodies)
    later = at + timedelta(minutes=1)
    assert_each_is_credited_once(send_all(bodies, later, HANDS), callbacks, later)
    kept = GatewayMessage.objects.aggregate(rows=Count("pk"), repeats=Sum("repeats"))
    assert kept["rows"] + kept["repeats"] == callbacks * copies
    assert kept["rows"] == callbacks * 2  # once as a callback, once as a return
