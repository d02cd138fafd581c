"""The process is killed at each named point; everything restarts, and the money is there, once.

A forked child does the work on connections of its own and is killed by SIGKILL where the point
says, so that nothing of it lives on but what PostgreSQL has. The points are set from here: the
portal's code knows nothing of them.
"""

import os
import signal
from datetime import timedelta
from functools import partial, wraps
from importlib import import_module

import pytest
from django.db import connections
from django.utils.module_loading import import_string

from contributions.models import CoveragePeriod
from foundation import outbox
from foundation.models import Alarm, OutboxRow
from payments.fpx import client
from payments.models import GatewayMessage, Payment
from payments.services import enquiries, invariants
from receipts.models import Receipt
from tests.factories import tell
from tests.payments import fakes

pytestmark = [pytest.mark.proof, pytest.mark.django_db(transaction=True)]

# Where a process dies: the point's name, the function, and whether before or after it.
SETTLING = {
    "before store": ("payments.services.messages._store", "before"),
    "after store": ("payments.services.messages._store", "after"),
    "after verifying": ("payments.fpx.reading.read_answer", "after"),
    "after the lock": ("payments.fpx.meaning_of", "before"),
    "after the move": ("payments.services.crediting._move", "after"),
    "before the receipt": ("receipts.services.issuing.issue_receipt", "before"),
    "after the cover": ("contributions.services.cover.start_coverage", "after"),
    "after the number": ("receipts.services.issuing.next_number", "after"),
    "before commit": ("payments.services.outcome.close_message", "after"),
    "after commit": ("foundation.outbox.notify", "before"),
    "before publish": ("foundation.outbox.deliver.apply_async", "before"),
    "after publish": ("foundation.outbox.deliver.apply_async", "after"),
    "before the answer": ("payments.services.messages.judge_message", "after"),
}
ASKING = {
    "before asking": ("payments.services.enquiries._is_claimed", "before"),
    "after claiming": ("payments.services.enquiries._is_claimed", "after"),
    "after FPX answered": ("payments.fpx.client.ask", "after"),
    **{f"asked: {name}": point for name, point in SETTLING.items()},
}
WORKING = {
    "before drawing": ("receipts.pdf.write", "before"),
    "after drawing": ("receipts.pdf.write", "after"),
    "after storing the PDF": ("receipts.tasks._store", "after"),
    "before mailing": ("foundation.mail.send", "before"),
    "after mailing": ("foundation.mail.send", "after"),
    "before texting": ("accounts.sms.send_template", "before"),
    "after texting": ("accounts.sms.send_template", "after"),
    "after claiming the row": ("foundation.outbox._claim", "after"),
}
SWEEPING = {
    "before the sweep notifies": ("foundation.outbox.notify", "before"),
    "after the sweep rang": ("foundation.outbox.notify", "after"),
    "before the left over is judged": ("payments.services.messages.judge_message", "before"),
    "after the left over is judged": ("payments.services.messages.judge_message", "after"),
}


@pytest.fixture(autouse=True)
def world(monkeypatch, payment):
    """FPX answers 00 when it is asked; the PDF is a stub, and so is the SMS gateway."""
    reply = client.Reply(fakes.answer(payment), timedelta(seconds=1))
    monkeypatch.setattr(client, "ask", lambda request, *, timeout: reply)
    monkeypatch.setattr("receipts.pdf.write", lambda receipt: b"%PDF")
    monkeypatch.setattr("accounts.sms.send_template", lambda *words, **facts: None)
    monkeypatch.setattr(outbox.deliver, "apply_async", lambda args, queue: None)


def killed(act, place, moment):
    """Runs the act in a child that dies at the point; True when it got there."""
    _genuine(place)  # a name that is no longer there would only look as if nobody came by
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            _forget_connections()
            _set_point(place, moment)
            act()
        finally:
            os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def _forget_connections():
    """A line of the parent's would outlive the child, with its locks.

    Where Playwright runs, Django keeps two in a thread: one for where its loop is seen, and one
    for where it is not, as in a child.
    """
    for line in connections.all():
        line.connection = None


def _set_point(place, moment):
    """Makes the function kill its process; of the child only, which never comes back."""
    owner, name, genuine = _genuine(place)

    @wraps(genuine)
    def deadly(*words, **facts):
        if moment == "after":
            genuine(*words, **facts)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, deadly)


def _genuine(place):
    """Whose it is, its name there, and the function itself."""
    owner_name, _, name = place.rpartition(".")
    owner = _found(owner_name)
    return owner, name, getattr(owner, name)


def _found(name):
    """A module, or what a module holds."""
    try:
        return import_module(name)
    except ImportError:
        return import_string(name)


def restart(at):
    """What the clock and the workers do in the next minutes, until nothing is left to do."""
    for minute in range(1, 31):
        moment = at + timedelta(minutes=minute)
        enquiries.judge_left_over(at=moment)
        for payment in Payment.objects.to_enquire(moment):
            enquiries.enquire(payment=payment, at=moment)
        outbox.sweep(at=moment)
        for row in OutboxRow.objects.due(moment):
            outbox.attempt(row.pk, at=moment)
    return moment


def assert_credited_once(at):
    payment = Payment.objects.get()
    receipt = Receipt.objects.get()
    assert payment.status == "succeeded"
    assert receipt.payment_reference == payment.reference
    assert CoveragePeriod.objects.count() == 1
    assert payment.status_changes.filter(to_status="succeeded").count() == 1
    assert receipt.is_drawn
    assert receipt.mailed_at is not None
    assert not GatewayMessage.objects.unjudged().exists()
    assert not OutboxRow.objects.pending().exists()
    assert not Alarm.objects.filter(kind__in=["outbox_parked", "fpx_unjudged"]).exists()
    assert invariants.check_invariants(at=at) == []


@pytest.mark.parametrize("channel", ["callback", "return"])
@pytest.mark.parametrize("point", SETTLING)
def test_killed_while_settling(payment, at, point, channel):
    assert killed(lambda: tell(payment, channel=channel), *SETTLING[point])
    was_stored = GatewayMessage.objects.exists()
    # The signature is read before the row is written, to bound what strangers post.
    assert was_stored == (point not in {"before store", "after verifying"})
    assert_credited_once(restart(at + timedelta(minutes=1)))
    if was_stored:  # the moment is that of the message, whoever judged it
        assert Receipt.objects.get().issued_at == at + timedelta(minutes=1)


@pytest.mark.parametrize("point", ASKING)
def test_killed_while_asking(payment, at, point):
    def ask():
        enquiries.enquire(payment=payment, at=at + timedelta(minutes=5))

    assert killed(ask, *ASKING[point])
    assert_credited_once(restart(at + timedelta(minutes=5)))


@pytest.mark.parametrize("point", WORKING)
def test_killed_while_telling(payment, at, point):
    tell(payment)
    later = at + timedelta(minutes=2)

    def work():
        for _round in range(2):  # the mail waits for the drawing
            for row in OutboxRow.objects.pending().order_by("pk"):
                outbox.attempt(row.pk, at=later + _round * timedelta(seconds=11))

    assert killed(work, *WORKING[point])
    assert_credited_once(restart(later))


@pytest.mark.parametrize("point", SWEEPING)
def test_killed_while_sweeping(payment, at, point):
    killed(lambda: tell(payment), *SETTLING["after store"])

    def sweep():
        enquiries.judge_left_over(at=at + timedelta(minutes=3))
        outbox.sweep(at=at + timedelta(minutes=3))

    assert killed(sweep, *SWEEPING[point])
    assert_credited_once(restart(at + timedelta(minutes=3)))


def test_killed_again_and_again(payment, at):
    """Each restart dies too, at another point."""
    assert killed(lambda: tell(payment), *SETTLING["after store"])
    for minutes, point in enumerate(["after the move", "before commit", "after the number"], 2):
        later = at + timedelta(minutes=minutes)
        judge = partial(enquiries.judge_left_over, at=later)
        assert killed(judge, *SETTLING[point])
    assert not Receipt.objects.exists()
    assert_credited_once(restart(later))
    assert Receipt.objects.get().issued_at == at + timedelta(minutes=1)
