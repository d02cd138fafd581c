"""Codes and the phone that they prove: hashed, bound to purpose and attempt, used once."""

import base64
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django_otp import devices_for_user, match_token
from django_otp.models import SideChannelDevice

from accounts.models import Code, PhoneDevice
from accounts.services import sign_up as services
from accounts.services.codes import TooSoon, WrongCode, request_code, request_code_once
from accounts.services.limits import TooMany
from accounts.services.sign_up import code_check
from foundation.outbox import OutboxRow
from tests.factories import AT, make_code, make_sign_up, make_user

LIFE = timedelta(minutes=5)


@pytest.fixture
def boon(db):
    return make_sign_up()


def verify(person, digits, **changes):
    """Asks the phone whether a code is good."""
    asked = {"purpose": "sign_up", "attempt": person.sign_up_attempt, "at": AT}
    return person.phone_device.verify_token(digits, **(asked | changes))


def test_the_phone_is_a_side_channel_device_of_django_otp(boon):
    assert isinstance(boon.phone_device, SideChannelDevice)
    assert list(devices_for_user(boon)) == [boon.phone_device]


def test_only_a_hash_is_kept(boon):
    digits = make_code(boon)
    assert digits.isascii()
    assert len(digits) == 6
    row = Code.objects.values().get()
    assert digits not in str({name: row[name] for name in ("code_hash", "purpose")})
    assert len(row["code_hash"]) == 64
    assert "token" not in {field.name for field in PhoneDevice._meta.fields}


def test_digits_come_of_a_random_seed_and_a_key_that_the_database_lacks(boon, settings):
    code = Code.objects.get()
    others = {Code(purpose=code.purpose, attempt=code.attempt).digits for _code in range(50)}
    assert len(others) > 45
    assert all(re.fullmatch(r"[0-9]{6}", digits) for digits in others)
    digits = code.digits
    settings.INDEX_KEY = base64.b64encode(bytes(32)).decode()
    assert code.digits != digits


def test_the_same_digits_have_another_hash_elsewhere(boon):
    code = Code.objects.get()
    other = Code(purpose=code.purpose, attempt=uuid4())
    third = Code(purpose="reset", attempt=code.attempt)
    assert len({row.hash_of("123456") for row in (code, other, third)}) == 3


def test_a_code_is_good_once(boon):
    digits = make_code(boon)
    assert verify(boon, digits)
    assert not verify(boon, digits)


def test_a_used_code_uses_up_its_siblings(boon):
    first = make_code(boon)
    Code.objects.create(
        device=boon.phone_device,
        purpose="sign_up",
        attempt=boon.sign_up_attempt,
        requested_at=AT,
    )
    second = make_code(boon)
    assert verify(boon, second)
    assert not verify(boon, first)


@pytest.mark.parametrize(
    "changes",
    [
        {"purpose": "log_in"},
        {"attempt": uuid4()},
        {"at": AT + LIFE},
        {"at": None},
        {"attempt": None},
    ],
)
def test_a_code_is_good_only_for_what_it_was_made_for(boon, changes):
    assert not verify(boon, make_code(boon), **changes)


def test_anothers_phone_does_not_know_it(boon):
    digits = make_code(boon)
    chandran = make_sign_up("Chandran a/l Muthu")
    assert not verify(chandran, digits, attempt=boon.sign_up_attempt)


def test_nobodys_phone_knows_nothing(boon):
    make_code(boon)
    nobody = PhoneDevice()
    assert not nobody.verify_token("123456", purpose="sign_up", attempt=boon.sign_up_attempt, at=AT)


def test_a_late_code_is_told_from_a_wrong_one(boon):
    digits = make_code(boon)
    asked = {"purpose": "sign_up", "attempt": boon.sign_up_attempt}
    assert not boon.phone_device.has_expired_token(digits, at=AT, **asked)
    assert boon.phone_device.has_expired_token(digits, at=AT + LIFE, **asked)
    assert not boon.phone_device.has_expired_token("x", at=AT + LIFE, **asked)


def test_the_staff_desk_takes_no_sms_code(db):
    """django-otp would ask the phone, too; outside of an attempt it knows no code."""
    user = make_user(is_staff=True)
    Code.objects.create(
        device=user.phone_device, purpose="log_in", attempt=uuid4(), requested_at=AT
    )
    assert match_token(user, make_code(user, "log_in")) is None


def test_a_made_code_has_an_end(db):
    code = Code.objects.create(purpose="reset", attempt=uuid4(), requested_at=AT)
    assert str(code) == "reset 10:00:00"
    code.code_hash = "x" * 64
    with pytest.raises(Exception, match="code_made_pair"):
        code.save()


def test_whoever_asks_second_finds_the_firsts_code(boon, monkeypatch):
    """A button pressed twice: the first request has not committed when the second looks."""
    check = services.code_check(boon)
    answers = iter([False, True])
    monkeypatch.setattr("django.db.models.QuerySet.exists", lambda _self: next(answers))
    request_code_once(check, at=AT)
    assert Code.objects.count() == 1


def test_another_attempt_gets_its_code_when_the_minute_is_over(boon):
    check = replace(services.code_check(boon), attempt=uuid4())
    with pytest.raises(TooSoon, match="Tunggu 41 saat, kemudian minta kod baharu"):
        request_code(check, at=AT + timedelta(seconds=19.5))
    request_code_once(check, at=AT + timedelta(seconds=20))
    assert check.codes.get().requested_at == AT + timedelta(minutes=1)
    row = OutboxRow.objects.get(subject_id=check.codes.get().pk, kind="accounts.send_code")
    assert row.next_attempt_at == AT + timedelta(minutes=1)


@pytest.mark.django_db(transaction=True)
def test_of_two_tabs_one_wins():
    boon = make_sign_up()
    digits = make_code(boon)
    start = Barrier(2)

    def press(_tab):
        start.wait(timeout=5)
        try:
            services.confirm_phone(sign_up=boon, digits=digits, network="", old_secret="", at=AT)
        except WrongCode:
            return "wrong"
        finally:
            connection.close()
        return "right"

    with ThreadPoolExecutor(2) as tabs:
        assert sorted(tabs.map(press, range(2))) == ["right", "wrong"]
    assert boon.links.count() == 1


def test_of_one_attempt_three_codes_are_good_the_oldest_gives_way(boon):
    first = make_code(boon)
    for minutes in (1, 2, 3):
        Code.objects.create(
            device=boon.phone_device,
            purpose="sign_up",
            attempt=boon.sign_up_attempt,
            requested_at=AT + timedelta(minutes=minutes),
        )
        make_code(boon)
    assert not verify(boon, first)
    live = Code.objects.filter(expires_at__gt=AT)
    assert live.count() == 3


def test_a_number_gets_ten_codes_a_day(boon):
    for hour in range(1, 10):
        request_code(code_check(boon), at=AT + timedelta(hours=hour))
    with pytest.raises(TooMany):
        request_code(code_check(boon), at=AT + timedelta(hours=10))
    request_code(code_check(boon), at=AT + timedelta(hours=24))
