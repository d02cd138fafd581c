"""The user: names, filters, what django.contrib.auth asks, and how passwords are kept."""

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError

from accounts.models import EmailLink, KnownDevice, PhoneDevice, User
from tests.factories import AT, PASSWORD, make_account, make_sign_up, make_user


def test_a_user_is_called_by_name(db):
    aminah = make_user("Aminah binti Ali")
    assert (aminah.get_full_name(), aminah.get_short_name()) == ("Aminah binti Ali", "Aminah")
    assert str(aminah) == "Aminah binti Ali"
    assert str(User(username="pegawai")) == "pegawai"


def test_accounts_and_sign_ups_are_told_apart(db):
    boon, aminah = make_sign_up(), make_account()
    officer = User.objects.create_superuser("ketua", PASSWORD, created_at=AT)
    assert set(User.objects.sign_ups()) == {boon}
    assert set(User.objects.opened()) == {aminah}
    assert not boon.is_opened
    assert aminah.is_opened
    assert officer.is_staff
    assert officer.is_superuser


def test_the_staff_desk_finds_an_officer_by_name(db, rf):
    officer = User.objects.create_superuser("ketua", PASSWORD, created_at=AT)
    assert authenticate(rf.post("/"), username="ketua", password=PASSWORD) == officer


def test_an_ic_number_is_opened_once(db):
    make_user(ic_number="850101145523")
    with pytest.raises(IntegrityError, match="user_opened_ic_number_once"):
        make_user(ic_number="850101145523")


def test_a_person_in_the_making_cannot_log_in(db, rf):
    boon = make_sign_up()
    assert authenticate(rf.post("/"), username=boon.username, password="") is None


def test_rows_are_called_without_secrets(db):
    aminah = make_account()
    assert str(EmailLink.objects.get()) == f"activate {aminah.pk}"
    assert str(KnownDevice.objects.first()).startswith(f"{aminah.pk} ")
    assert str(PhoneDevice.objects.get()) == "SMS (Aminah binti Ali)"


def test_passwords_are_kept_by_argon2id_at_its_minimum_cost(settings):
    settings.PASSWORD_HASHERS = ["accounts.hashers.PortalArgon2Hasher"]
    stored = make_password(PASSWORD)
    assert stored.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password(PASSWORD, stored)
