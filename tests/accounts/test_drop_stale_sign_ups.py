"""Forgetting what nobody finished."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Code, EmailLink, KnownDevice, Session, Tally, User
from accounts.services import stale
from perkeso.jobs import JOBS
from tests.factories import AT, make_account, make_officer, make_sign_up, prove_phone

WEEK = timedelta(days=7)


@pytest.fixture
def boon(db):
    boon = make_sign_up()
    prove_phone(boon)
    return boon


def test_a_sign_up_is_kept_for_a_week(boon, clock):
    clock.move_to(AT + WEEK)
    stale.drop_stale_sign_ups(at=timezone.now())
    assert User.objects.get() == boon


def test_then_it_goes_with_all_that_is_its_own(boon, clock):
    clock.move_to(AT + WEEK + timedelta(seconds=1))
    stale.drop_stale_sign_ups(at=timezone.now())
    for model in (User, Code, EmailLink, KnownDevice, Tally):
        assert not model.objects.exists()


def test_accounts_and_officers_stay(db, clock):
    people = {make_account(), make_officer()}
    clock.move_to(AT + timedelta(days=365))
    stale.drop_stale_sign_ups(at=timezone.now())
    assert set(User.objects.all()) == people


def test_used_codes_and_old_devices_go_after_a_month(db, clock):
    make_account()
    clock.move_to(AT + timedelta(days=29))
    stale.drop_stale_sign_ups(at=timezone.now())
    assert Code.objects.exists()
    assert KnownDevice.objects.count() == 2
    assert not Tally.objects.exists()
    clock.move_to(AT + timedelta(days=30, seconds=1))
    stale.drop_stale_sign_ups(at=timezone.now())
    assert not Code.objects.exists()
    assert not EmailLink.objects.exists()
    assert not KnownDevice.objects.exists()


def test_sessions_go_minutes_after_they_have_run_out(db, client, clock):
    """Whoever opens a thousand pages with no cookie begins a thousand sessions."""
    client.get("/log-masuk/?next=/resit/")
    (job,) = [job for job in JOBS if job.service is stale.drop_ended_sessions]
    assert job.when <= 600
    ends_at = Session.objects.get().expire_date
    job.service(at=ends_at - timedelta(seconds=1))
    assert Session.objects.exists()
    job.service(at=ends_at)
    assert not Session.objects.exists()
