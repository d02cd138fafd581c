"""Acts after commit: done once, tried again, parked, and found when the notice was lost."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from kombu.exceptions import OperationalError

from foundation import outbox
from foundation.models import Alarm, OutboxRow
from perkeso.celery import app
from perkeso.jobs import JOBS

SUBJECT = 7


@pytest.fixture
def notified(monkeypatch):
    """Records which rows were rung instead of asking the broker."""
    rung = []
    monkeypatch.setattr(outbox.deliver, "apply_async", lambda args, queue: rung.append(*args))
    return rung


@pytest.fixture
def act(monkeypatch):
    """An act that records its calls, and fails with whatever `act.error` holds."""
    monkeypatch.setattr(outbox, "ACTS", {})

    def wave(pk, *, at):
        wave.calls.append(pk)
        if wave.error:
            raise wave.error

    wave.calls, wave.error = [], None
    return outbox.task(limit=timedelta(minutes=5))(wave)


def add(act, at, **changes):
    row = outbox.add(act, SUBJECT, at=at)
    OutboxRow.objects.filter(pk=row.pk).update(**changes)
    return OutboxRow.objects.get(pk=row.pk)


def test_a_worker_is_notified_after_the_commit(
    db, act, notified, at, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        row = outbox.add(act, SUBJECT, at=at)
        assert notified == []
    assert notified == [row.pk]


@pytest.fixture
def texts_and_draws(monkeypatch):
    """Two acts of two queues, and what was done by which worker in which order."""
    done = []
    monkeypatch.setattr(outbox, "ACTS", {})

    def mail(pk, *, at):
        done.append("mail")

    def draw(pk, *, at):
        done.append("draw")

    def text(pk, *, at):
        done.append("text")

    acts = [
        outbox.task(limit=timedelta(minutes=minutes))(act)
        for act, minutes in ((mail, 15), (draw, 5), (text, 2))
    ]
    return acts, done


def test_a_page_notifies_once_of_all_that_it_wrote(
    db, texts_and_draws, monkeypatch, at, django_capture_on_commit_callbacks
):
    """The most urgent first; whoever does it tells the queues of the others first."""
    acts, done = texts_and_draws
    rung = []
    monkeypatch.setattr(
        outbox.deliver, "apply_async", lambda args, queue: rung.append((args, queue))
    )
    with time_machine.travel(at), django_capture_on_commit_callbacks(execute=True):
        rows = outbox.add_all(acts, SUBJECT, at=at)
    text, draw, mail = (row.pk for row in rows)
    assert rung == [((text, draw, mail), "urgent")]
    with time_machine.travel(at):
        outbox.deliver(text, draw, mail)
        assert (rung[1:], done) == ([((draw, mail), "celery")], ["text"])
        outbox.deliver(draw, mail)
    assert len(rung) == 2
    assert done == ["text", "draw", "mail"]


def test_an_attempt_does_the_act_once(db, act, notified, at):
    row = add(act, at)
    outbox.attempt(row.pk, at=at)
    outbox.attempt(row.pk, at=at + timedelta(hours=1))
    row.refresh_from_db()
    assert act.handler.calls == [SUBJECT]
    assert row.done_at == at


def test_a_failure_is_tried_again_later(db, act, notified, at):
    row = add(act, at)
    act.handler.error = ValueError("850101-14-5523 was in the text")
    outbox.attempt(row.pk, at=at)
    row.refresh_from_db()
    assert row.last_error == "ValueError"
    assert row.next_attempt_at == at + timedelta(seconds=10)
    outbox.attempt(row.pk, at=at + timedelta(seconds=9))
    assert len(act.handler.calls) == 1


def test_the_fifth_failure_parks_the_row_and_alarms(db, act, notified, at):
    row = add(act, at, attempts=4)
    act.handler.error = RuntimeError()
    outbox.attempt(row.pk, at=at)
    row.refresh_from_db()
    assert row.parked_at == at
    assert Alarm.objects.get().kind == "outbox_parked"


def test_a_row_that_killed_five_workers_is_parked(db, act, notified, at):
    row = add(act, at)
    for minutes in range(0, 10, 2):
        outbox._claim(row.pk, at + timedelta(minutes=minutes))  # and the worker died
    outbox.attempt(row.pk, at=at + timedelta(minutes=10))
    row.refresh_from_db()
    assert act.handler.calls == []
    assert (row.parked_at, row.last_error) == (at + timedelta(minutes=10), "Killed")
    assert Alarm.objects.get().kind == "outbox_parked"
    assert outbox.sweep(at=at + timedelta(days=1)) == 0


def test_not_yet_is_no_failure(db, act, notified, at):
    row = add(act, at)
    act.handler.error = outbox.NotYet()
    for minute in range(9):
        outbox.attempt(row.pk, at=at + timedelta(minutes=minute))
    row.refresh_from_db()
    assert row.attempts == 0
    assert row.parked_at is None
    assert len(act.handler.calls) == 9


def test_a_worker_killed_in_mid_act_leaves_the_row_to_the_next(db, act, notified, at):
    row = add(act, at)
    outbox._claim(row.pk, at)
    outbox.attempt(row.pk, at=at + timedelta(minutes=1))
    assert act.handler.calls == []
    outbox.attempt(row.pk, at=at + outbox.LEASE)
    assert act.handler.calls == [SUBJECT]


def test_the_sweep_finds_rows_whose_notice_was_lost(db, act, notified, at):
    row = add(act, at)
    add(act, at, done_at=at)
    add(act, at, next_attempt_at=at + timedelta(minutes=1))
    assert outbox.sweep(at=at) == 1
    assert notified == [row.pk]


@pytest.mark.parametrize(("minutes", "is_due"), [(30, False), (31, True), (60 * 24, True)])
def test_a_row_of_a_clock_that_was_ahead_is_due(db, act, notified, at, minutes, is_due):
    row = add(act, at, next_attempt_at=at + timedelta(minutes=minutes))
    assert OutboxRow.objects.due(at).filter(pk=row.pk).exists() == is_due


def test_the_sweep_alarms_for_rows_past_their_limit(db, act, notified, at):
    add(act, at)
    outbox.sweep(at=at + timedelta(minutes=5))
    assert not Alarm.objects.exists()
    outbox.sweep(at=at + timedelta(minutes=5, seconds=1))
    assert Alarm.objects.get().kind == "outbox_late"


def test_a_broker_that_is_down_harms_nobody_and_holds_nobody_twice(monkeypatch):
    """One that hangs costs a page one wait, whatever number of rows it has written."""
    tried, clock = [], SimpleNamespace(monotonic=lambda: clock.now, now=100.0)

    def refuse(args, queue):
        tried.append(*args)
        raise OperationalError

    monkeypatch.setattr(outbox, "time", clock)
    monkeypatch.setattr(outbox, "_notifier", outbox.Notifier())
    monkeypatch.setattr(outbox.deliver, "apply_async", refuse)
    for pk in (1, 2, 3):
        outbox.notify(OutboxRow(pk=pk))
    assert tried == [1]
    clock.now += outbox.NOTIFIER_RESTS.total_seconds()
    outbox.notify(OutboxRow(pk=4))
    assert tried == [1, 4]


def test_a_broker_that_hangs_is_waited_for_shortly(settings):
    """Celery's own default is for ever; `test_faults` stops a broker for real."""
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["socket_timeout"] <= 2


@pytest.mark.parametrize(
    ("kind", "queue"),
    [
        ("accounts.send_code", "urgent"),
        ("receipts.send_receipt_sms", "urgent"),
        ("receipts.draw_receipt", "celery"),
        ("receipts.send_receipt", "celery"),
        ("registration.read_document", "files"),
        ("registration.scan_document", "files"),
        ("old.version", "celery"),
    ],
)
def test_a_code_does_not_wait_behind_receipts(monkeypatch, kind, queue):
    rung = []
    monkeypatch.setattr(outbox.deliver, "apply_async", lambda args, queue: rung.append(queue))
    outbox.notify(OutboxRow(pk=1, kind=kind))
    assert rung == [queue]


def test_nor_does_the_clock():
    """A worker takes of each queue in turn; a job of the clock has one of its own."""
    queues = {job.name: app.amqp.router.route({}, job.name)["queue"].name for job in JOBS}
    assert set(queues.values()) == {"clock"}
    routes = {queue.name: queue.routing_key for queue in app.amqp.queues.values()}
    assert routes == {"clock": "clock", "urgent": "urgent", "celery": "celery", "files": "files"}
