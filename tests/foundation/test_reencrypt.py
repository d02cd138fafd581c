"""Rotating the key of personal data while two versions of it live."""

import base64
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from foundation import encryption, resealing
from payments.models import GatewayMessage
from receipts.models import Receipt
from tests.factories import (
    make_banks,
    make_contribution,
    make_payment,
    make_registration,
    make_user,
    tell,
)


@pytest.fixture
def rotate(settings):
    """Puts a new key before those that there are."""

    def put_first(version):
        key = base64.b64encode(version.encode() * 32).decode()
        settings.FIELD_KEYS = [f"{version}:{key}", *settings.FIELD_KEYS]
        encryption._field_keys.cache_clear()

    yield put_first
    encryption._field_keys.cache_clear()


@pytest.fixture
def aminah(db):
    """Aminah has paid, so that every app keeps something of hers."""
    aminah = make_user()
    make_banks()
    payment = make_payment(make_contribution(make_registration(aminah, "submitted")))
    tell(payment)
    return aminah


def versions():
    """Under which keys each encrypted column lies."""
    found = {}
    with connection.cursor() as cursor:
        for field in resealing.encrypted_fields():
            table = field.model._meta.db_table
            cursor.execute(
                f"SELECT DISTINCT split_part({field.column}, ':', 1) FROM {table}"
                f" WHERE {field.column} <> ''"
            )
            found[f"{field.model.__name__}.{field.name}"] = {row[0] for row in cursor}
    return {name: keys for name, keys in found.items() if keys}


def facts(aminah):
    """What the portal reads, whatever key it lies under."""
    user = User.objects.get(pk=aminah.pk)
    return [
        (user.ic_number, user.phone, user.email, user.secret_phrase),
        Receipt.objects.get().ic_number,
        list(GatewayMessage.objects.values_list("raw", flat=True)),
        User.objects.with_ic_number(aminah.ic_number).get().pk,
    ]


def test_all_is_sealed_under_the_first_key_and_says_the_same(aminah, rotate):
    before = facts(aminah)
    rotate("b")
    assert facts(aminah) == before  # the old key still opens
    boon = make_user("Boon")  # the new key seals
    assert {len(keys) for keys in versions().values()} == {1, 2}
    said = StringIO()
    call_command("reencrypt", stdout=said)
    assert "accounts.user.ic_number: 1" in said.getvalue()
    assert set.union(*versions().values()) == {"b"}
    assert {"User.phone", "Receipt.ic_number", "GatewayMessage.raw", "Payment.request"} <= set(
        versions()
    )
    assert facts(aminah) == before
    boon.refresh_from_db()
    assert boon.full_name == "Boon"


def test_afterwards_the_old_key_may_go(aminah, rotate, settings):
    before = facts(aminah)
    rotate("b")
    call_command("reencrypt", stdout=StringIO())
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    encryption._field_keys.cache_clear()
    assert facts(aminah) == before


def test_stopped_half_way_it_goes_on(db, rotate):
    for _person in range(5):
        make_user()
    rotate("b")
    phone = next(f for f in resealing.encrypted_fields() if (f.model, f.name) == (User, "phone"))
    assert [resealing.reseal_batch(phone, most=2) for _batch in range(4)] == [2, 2, 1, 0]
    assert versions()["User.phone"] == {"b"}


def test_a_body_that_was_exchanged_is_not_sealed_anew(aminah, rotate):
    """What somebody with the powers of the database's owner put there."""
    forged = encryption.encrypt("Boon paid", column="payments.gatewaymessage.raw")
    rotate("b")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE payments_gatewaymessage DISABLE TRIGGER USER")
        cursor.execute("UPDATE payments_gatewaymessage SET raw = %s", [forged])
    with pytest.raises(resealing.Altered, match=r"payments.gatewaymessage \d+: raw"):
        call_command("reencrypt", stdout=StringIO())


def test_a_message_may_be_sealed_anew_but_not_changed(aminah, rotate):
    message = GatewayMessage.objects.first()
    for change in ({"raw": "another body"}, {"raw": message.raw, "verdict": "unverified"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            GatewayMessage.objects.filter(pk=message.pk).update(**change)
    rotate("b")
    with pytest.raises(IntegrityError), transaction.atomic():
        GatewayMessage.objects.filter(pk=message.pk).update(raw=message.raw, detail="x")
    GatewayMessage.objects.filter(pk=message.pk).update(raw=message.raw)
