"""Whoever likes may post to FPX's addresses; the disk is not his to fill."""

from datetime import timedelta
from itertools import count

import pytest

from foundation.alarms import Alarm
from payments.models import GatewayMessage
from payments.services import messages as payment_messages
from payments.services import unverified
from tests.factories import tell


@pytest.fixture(autouse=True)
def few(settings):
    settings.LIMITS = settings.LIMITS | {"stray_kept": (3, timedelta(days=1))}


_numbers = count()


def post(at, raw=None):
    """Another body each time, unless told."""
    raw = raw or b"a=%d" % next(_numbers)
    return payment_messages.record_message(channel="callback", raw=raw, at=at)


def test_of_a_day_only_so_much_is_kept(db, at):
    messages = [post(at) for _ in range(10)]
    assert {message.verdict for message in messages} == {"unverified"}
    assert GatewayMessage.objects.count() == 3
    assert Alarm.objects.get(kind="fpx_unverified").seen_count == 7
    post(at + timedelta(days=1, seconds=1))
    assert GatewayMessage.objects.count() == 4


def test_a_flood_takes_nothing_that_is_about_our_orders(payment, at):
    for _ in range(4):
        post(at)
    for change in [{"key_name": "fpx_wrong.key"}, {"sellerExOrderNo": "261122ZZZZZZZZZZ"}, {}]:
        tell(payment, **change)
    kept = GatewayMessage.objects.order_by("pk").values_list("verdict", flat=True)
    assert list(kept) == ["unverified"] * 4 + ["anomaly", "accepted"]


@pytest.mark.parametrize(("days", "kept"), [(30, 2), (31, 1)])
def test_nonsense_is_dropped_after_a_month(payment, at, days, kept):
    post(at)
    tell(payment, key_name="fpx_wrong.key", at=at)
    assert unverified.drop_old_strays(at=at + timedelta(days=days)) == 2 - kept
    assert GatewayMessage.objects.count() == kept


def test_good_messages_cost_no_look_at_the_flood(payment, monkeypatch):
    monkeypatch.setattr("payments.services.unverified._is_over", None)
    assert tell(payment).verdict == "accepted"
