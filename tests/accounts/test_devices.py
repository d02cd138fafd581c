"""Known devices."""

from datetime import timedelta

import pytest

from accounts.models import KnownDevice
from accounts.services.devices import forget_devices, remember_device
from tests.factories import AT, make_user


@pytest.fixture
def aminah(db):
    return make_user()


def knows(secret, at=AT):
    """Whom a browser's cookie knows."""
    return {device.user for device in KnownDevice.objects.good(at).with_secret(secret)}


def test_only_a_hash_is_kept(aminah):
    device = remember_device(user=aminah, old_secret="", at=AT)
    assert len(device.secret) == 43
    assert device.secret not in str(KnownDevice.objects.values())
    assert KnownDevice.objects.get().secret == ""
    assert device.secret not in str(device)


def test_it_is_known_for_thirty_days(aminah):
    secret = remember_device(user=aminah, old_secret="", at=AT).secret
    assert knows(secret, AT + timedelta(days=30, seconds=-1)) == {aminah}
    assert knows(secret, AT + timedelta(days=30)) == set()


def test_a_planted_cookie_never_becomes_a_known_device(aminah):
    device = remember_device(user=aminah, old_secret="planted", at=AT)
    assert device.secret != "planted"
    assert knows("planted") == set()


def test_remembering_again_replaces_the_secret_and_takes_others_along(aminah):
    spouse = make_user("Suami Aminah")
    first = remember_device(user=aminah, old_secret="", at=AT).secret
    second = remember_device(user=spouse, old_secret=first, at=AT).secret
    third = remember_device(user=spouse, old_secret=second, at=AT).secret
    assert knows(first) == knows(second) == set()
    assert knows(third) == {aminah, spouse}
    assert KnownDevice.objects.count() == 2


def test_forgetting_is_for_one_user(aminah):
    spouse = make_user("Suami Aminah")
    secret = remember_device(user=aminah, old_secret="", at=AT).secret
    secret = remember_device(user=spouse, old_secret=secret, at=AT).secret
    forget_devices(user=aminah)
    assert knows(secret) == {spouse}
