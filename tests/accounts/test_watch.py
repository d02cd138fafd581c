"""Watching the codes: a slow gateway, and fraud that spends our SMS."""

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.models import Code
from accounts.services.watch import watch_codes
from foundation.alarms import Alarm, is_on
from foundation.outbox import OutboxRow
from tests.factories import AT, make_sign_up

MINUTE = timedelta(minutes=1)


@pytest.fixture
def boon(db):
    boon = make_sign_up()
    Code.objects.all().delete()
    return boon


def make_codes(person, count, requested_at, sent_after=MINUTE / 60, used=True, delivered=True):
    """Codes by SMS, wanted at one moment."""
    sent_at = requested_at + sent_after if sent_after else None
    codes = Code.objects.bulk_create(
        Code(
            device=person.phone_device,
            purpose="sign_up",
            attempt=uuid4(),
            requested_at=requested_at,
            used_at=sent_at if used else None,
        )
        for _code in range(count)
    )
    OutboxRow.objects.bulk_create(
        OutboxRow(
            kind="accounts.send_code",
            subject_id=code.pk,
            created_at=requested_at,
            next_attempt_at=requested_at,
            sent_at=sent_at,
            delivered_at=sent_at if delivered else None,
        )
        for code in codes
    )


def alarms():
    watch_codes(at=AT)
    return [alarm.kind for alarm in Alarm.objects.order_by("kind")]


@pytest.mark.parametrize(
    ("late", "sent_after", "delivered", "is_slow"),
    [
        (2, MINUTE / 2, True, False),
        (2, 2 * MINUTE, True, True),
        (1, 2 * MINUTE, True, False),  # one of eleven
        (2, None, False, True),  # the gateway refuses
        (2, MINUTE / 2, False, True),  # it takes them, and no phone gets them
    ],
)
def test_a_slow_gateway_is_seen(boon, late, sent_after, delivered, is_slow):
    make_codes(boon, 10, AT - 5 * MINUTE)
    make_codes(boon, late, AT - 5 * MINUTE, sent_after, used=False, delivered=delivered)
    assert ("sms_slow" in alarms()) == is_slow


def test_a_gateway_without_receipts_is_not_slow_for_that(boon, settings):
    settings.SMS_RECEIPTS = False
    make_codes(boon, 10, AT - 5 * MINUTE, used=False, delivered=False)
    assert alarms() == []


def test_a_code_that_was_used_has_come(boon):
    make_codes(boon, 10, AT - 5 * MINUTE, sent_after=None)
    Code.objects.update(used_at=AT)
    assert alarms() == []


def test_a_portal_in_its_first_week_has_no_usual(boon):
    make_codes(boon, 100, AT - 5 * MINUTE)
    assert alarms() == []


def test_few_codes_tell_nothing(boon):
    make_codes(boon, 4, AT - 5 * MINUTE, sent_after=None)
    assert alarms() == []


def test_three_times_the_usual_of_this_hour_is_fraud(boon):
    for weeks in (1, 2, 3, 4):
        make_codes(boon, 25, AT - timedelta(weeks=weeks, minutes=20))
    make_codes(boon, 75, AT - 5 * MINUTE)
    assert alarms() == []
    make_codes(boon, 1, AT - 5 * MINUTE)
    assert alarms() == ["sms_spent"]


@pytest.mark.parametrize(("used", "is_fraud"), [(8, False), (7, True)])
def test_codes_that_nobody_uses_are_fraud(boon, used, is_fraud):
    make_codes(boon, used, AT - 20 * MINUTE)
    make_codes(boon, 20 - used, AT - 20 * MINUTE, used=False)
    assert (alarms() == ["sms_spent"]) == is_fraud


def test_a_day_may_cost_so_much(boon, settings):
    settings.CODES_A_DAY = 10
    make_codes(boon, 10, AT - timedelta(hours=3))
    assert alarms() == []
    make_codes(boon, 1, AT - timedelta(hours=2))
    assert alarms() == ["sms_spent"]


def test_an_alarm_is_on_for_as_long_as_it_is_raised(boon):
    make_codes(boon, 10, AT - 5 * MINUTE, sent_after=None)
    watch_codes(at=AT)
    assert is_on("sms_slow", at=AT + 2 * MINUTE)
    assert not is_on("sms_slow", at=AT + 3 * MINUTE)


def mail_codes(person, count, requested_at, *, used):
    Code.objects.bulk_create(
        Code(
            device=person.phone_device,
            purpose="sign_up",
            channel="email",
            attempt=uuid4(),
            requested_at=requested_at,
            used_at=requested_at if used else None,
        )
        for _code in range(count)
    )


@pytest.mark.parametrize(
    ("count", "minutes", "used", "alarm"),
    [
        (101, 1, True, ["mails_spent"]),  # at once
        (100, 1, True, []),
        (101, 61, True, []),
        (20, 20, False, ["mails_spent"]),  # who asked for them reads none
        (20, 20, True, []),
        (19, 20, False, []),
    ],
)
def test_many_mails_to_unproved_addresses_are_an_alarm(boon, count, minutes, used, alarm):
    mail_codes(boon, count, AT - minutes * MINUTE, used=used)
    assert alarms() == alarm


def test_links_that_nobody_opens_count_among_them(boon, settings):
    settings.MAILS_AN_HOUR = 2
    for purpose in ("activate", "activate", "new_email", "reset"):
        boon.links.create(purpose=purpose, requested_at=AT)
    assert alarms() == ["mails_spent"]
    boon.links.filter(purpose="new_email").update(used_at=AT)
    Alarm.objects.all().delete()
    assert alarms() == []
