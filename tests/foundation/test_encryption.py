"""Personal data at rest."""

import base64

import pytest
from cryptography.exceptions import InvalidTag
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from foundation import encryption

IC = "850101145523"


@pytest.fixture
def aminah(db, at):
    return User.objects.create(full_name="Aminah", ic_number=IC, created_at=at)


def test_the_database_never_sees_the_ic_number(aminah):
    with connection.cursor() as cursor:
        cursor.execute("SELECT ic_number, ic_number_index FROM accounts_user")
        stored, index = cursor.fetchone()
    assert IC not in stored
    assert IC not in index


def test_the_owner_reads_it_back(aminah):
    assert User.objects.get(pk=aminah.pk).ic_number == IC


def test_a_user_is_found_by_his_ic_number(aminah):
    assert User.objects.with_ic_number(IC).get() == aminah
    assert not User.objects.with_ic_number("850101145524").exists()


def test_the_same_value_is_never_stored_twice_alike():
    first = encryption.encrypt(IC, column="accounts.user.ic_number")
    assert first != encryption.encrypt(IC, column="accounts.user.ic_number")


def test_a_value_moved_to_another_column_does_not_open():
    sealed = encryption.encrypt(IC, column="accounts.user.ic_number")
    with pytest.raises(InvalidTag):
        encryption.decrypt(sealed, column="accounts.user.phone")


def test_one_changed_byte_does_not_open():
    version, _, text = encryption.encrypt(IC, column="c").partition(":")
    sealed = bytearray(base64.b64decode(text))
    sealed[-1] ^= 1
    touched = f"{version}:{base64.b64encode(bytes(sealed)).decode()}"
    with pytest.raises(InvalidTag):
        encryption.decrypt(touched, column="c")


def test_an_older_key_still_opens_what_it_sealed(settings):
    old, new = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))
    settings.FIELD_KEYS = [f"old:{old}"]
    encryption._field_keys.cache_clear()
    sealed = encryption.encrypt(IC, column="c")
    settings.FIELD_KEYS = [f"new:{new}", f"old:{old}"]
    encryption._field_keys.cache_clear()
    try:
        assert encryption.decrypt(sealed, column="c") == IC
        assert encryption.encrypt(IC, column="c").startswith("new:")
    finally:
        encryption._field_keys.cache_clear()


def test_two_sign_ups_may_hold_one_ic_number(aminah, at):
    User.objects.create(full_name="Somebody", ic_number=IC, created_at=at)
    assert User.objects.with_ic_number(IC).count() == 2


def test_two_opened_accounts_may_not(aminah, at):
    aminah.opened_at = at
    aminah.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(full_name="Somebody", ic_number=IC, created_at=at, opened_at=at)


def test_no_ic_number_has_no_index(db, at):
    officer = User.objects.create(full_name="Puan Siti", is_staff=True, created_at=at)
    assert officer.ic_number_index is None
