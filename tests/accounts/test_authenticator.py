"""The secrets of officers' authenticators: sealed in their table."""

import pytest
from django.db import connection
from django_otp import devices_for_user
from django_otp.oath import totp

from accounts.models import Authenticator
from foundation import resealing
from tests.factories import make_officer

pytestmark = pytest.mark.django_db


def stored():
    """What somebody reads who has the table alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM accounts_authenticator")
        return [row[0] for row in cursor]


def test_the_table_does_not_tell_the_secret():
    device = make_officer().authenticator_set.get()
    ((sealed),) = stored()
    assert sealed.startswith("1:")
    assert device.key not in sealed
    assert Authenticator.objects.get().bin_key == bytes.fromhex(device.key)


def test_a_new_key_seals_it_too():
    assert Authenticator._meta.get_field("key") in list(resealing.encrypted_fields())


def test_its_digits_are_taken_once_and_it_is_the_officers_only_one():
    officer = make_officer()
    (device,) = devices_for_user(officer)
    digits = f"{totp(device.bin_key):06}"
    assert device.verify_token(digits)
    assert not Authenticator.objects.get().verify_token(digits)
    assert device.config_url.startswith("otpauth://totp/")
