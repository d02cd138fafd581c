"""Valkey killed, hung or flushed: whoever signs up, logs in, uploads and pays goes on.

Only the worker's notice hangs on it: waited for once, shortly. The sweep finds the row.
"""

import socket
import time
from contextlib import closing
from datetime import timedelta

import pytest
import redis
from django.conf import settings as portal
from django.utils import timezone

from accounts.models import Session
from accounts.services import sessions
from foundation import outbox
from perkeso.celery import app
from registration.models import SupportingDocument
from tests.accounts.pages import TYPED, know, lands
from tests.browser import Browser
from tests.factories import (
    PASSWORD,
    make_banks,
    make_contribution,
    make_payment,
    make_registration,
    make_user,
)
from tests.registration.test_document import answers
from tests.staff.desk import seated

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]


@pytest.fixture(params=["killed", "hung", "flushed"])
def valkey(request, monkeypatch, tmp_path_factory, settings):
    """The state that it is in: the broker, and a cache if there is one."""
    monkeypatch.setattr(outbox, "_notifier", outbox.Notifier())
    if request.param == "flushed":
        redis.Redis.from_url(portal.REDIS_URL).flushall()
        yield request.param
        return
    place = tmp_path_factory.mktemp("v") / "valkey.sock"
    with closing(socket.socket(socket.AF_UNIX)) as listener:
        if request.param == "hung":
            listener.bind(str(place))
            listener.listen(64)  # takes connections, and answers nobody
        monkeypatch.setitem(app.conf, "broker_url", f"redis+socket://{place}")
        monkeypatch.setitem(app.conf, "broker_write_url", f"redis+socket://{place}")
        monkeypatch.setattr(app.amqp, "_producer_pool", None)
        caches = settings.CACHES.items()
        there = {"LOCATION": f"unix://{place}"}
        settings.CACHES = {n: one | (there if "LOCATION" in one else {}) for n, one in caches}
        yield request.param


@pytest.fixture
def walk(valkey, django_capture_on_commit_callbacks):
    """Does the step, and notifies as its commit would, within the wait for one notice."""

    def do(step):
        began = time.monotonic()
        with django_capture_on_commit_callbacks(execute=True) as rung:
            answer = step()
        assert time.monotonic() - began < 10  # one wait of two seconds, on a machine that is busy
        assert answer.status_code in {200, 302, 303}
        return answer, rung

    return do


def test_the_road_goes_on(client, walk, valkey):
    """Sign-up, log-in, the panel, an upload, the banks, a payment's page."""
    answer, rung = walk(lambda: client.post("/daftar/", TYPED))
    assert lands(answer, "/daftar/otp/")
    assert rung
    assert (outbox._notifier.rests_until > 0) == (valkey != "flushed")
    assert outbox.OutboxRow.objects.pending().exists()
    aminah, browser = make_user("Chandran a/l Muthu"), Browser()
    know(browser, aminah)
    walk(lambda: browser.post("/log-masuk/", {"ic_number": aminah.ic_number}))
    answer, _rung = walk(lambda: browser.post("/log-masuk/kata-laluan/", {"password": PASSWORD}))
    assert lands(answer, "/mod/")
    walk(lambda: browser.get("/saya/"))
    registration = make_registration(aminah, kinds=[])
    answer, rung = walk(lambda: browser.post("/pendaftaran/dokumen/lesen/", answers()))
    assert SupportingDocument.objects.filter(registration=registration).exists()
    assert rung


def test_money_and_the_desk_go_on(client, walk, valkey):
    aminah = make_user("Devi a/p Raman")
    contribution = make_contribution(make_registration(aminah, "submitted"))
    make_banks(at=timezone.now())
    client.force_login(aminah)
    walk(lambda: client.get(f"/bayaran/{contribution.public_id}/bank/"))
    payment = make_payment(contribution, at=timezone.now())
    walk(lambda: client.get(f"/bayaran/{payment.reference}/"))
    officer = Browser()
    seated(officer)
    walk(lambda: officer.get("/staf/"))


def test_nobody_is_logged_out_and_who_is_stays_out(client, walk, valkey):
    """A session that ended while Valkey was away does not come back with it."""
    aminah = make_user()
    client.force_login(aminah)
    walk(lambda: client.get("/profil/"))
    sessions.end_sessions(user=aminah)
    assert not Session.objects.live(timezone.now() - timedelta(days=1)).exists()
    answer, _rung = walk(lambda: client.get("/profil/"))
    assert lands(answer, "/log-masuk/?next=/profil/")
