"""Alarms: one row a problem, one mail an hour."""

from datetime import timedelta

import pytest

from accounts.models import User
from foundation.alarms import clear_alarm, mail_operators, raise_alarm
from foundation.models import Alarm, AuditEvent


@pytest.fixture
def siti(db, at):
    return User.objects.create(full_name="Puan Siti", is_staff=True, created_at=at)


def test_the_same_alarm_counts_up(db, at):
    raise_alarm("bank_list", "fpx", at=at)
    raise_alarm("bank_list", "fpx", at=at + timedelta(minutes=1))
    alarm = Alarm.objects.get()
    assert alarm.seen_count == 2
    assert alarm.first_seen_at == at
    assert alarm.last_seen_at == at + timedelta(minutes=1)


def test_a_cleared_alarm_opens_anew(siti, at):
    clear_alarm(raise_alarm("bank_list", "fpx", at=at), by=siti, at=at)
    raise_alarm("bank_list", "fpx", at=at)
    assert Alarm.objects.count() == 2
    assert Alarm.objects.open().count() == 1


def test_who_cleared_it_stands_in_the_trail_once(siti, at):
    alarm = raise_alarm("bank_list", "fpx", at=at)
    clear_alarm(alarm, by=siti, at=at)
    clear_alarm(alarm, by=siti, at=at + timedelta(minutes=1))
    event = AuditEvent.objects.get(action="alarm_cleared")
    assert (event.by, event.at) == (siti, at)
    assert event.detail == {"kind": "bank_list", "key": "fpx"}


def test_operators_are_mailed_at_most_once_an_hour(db, at, settings, mailoutbox):
    settings.OPERATORS = ["jaga@contoh.my"]
    for minute in (0, 1, 30, 61):
        raise_alarm("bank_list", "fpx", at=at + timedelta(minutes=minute))
        mail_operators(at=at + timedelta(minutes=minute))
    assert len(mailoutbox) == 2


def test_an_alarm_that_stopped_is_not_mailed_again(db, at, settings, mailoutbox):
    settings.OPERATORS = ["jaga@contoh.my"]
    raise_alarm("bank_list", "fpx", at=at)
    mail_operators(at=at)
    mail_operators(at=at + timedelta(hours=5))
    assert len(mailoutbox) == 1


def test_an_alarm_is_an_error_line(db, at, caplog):
    raise_alarm("bank_list", "fpx", at=at, detail="no answer")
    assert [record.levelname for record in caplog.records] == ["ERROR"]
