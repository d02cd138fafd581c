"""Payments at the staff desk: lists to read, the same number of queries with 1 and with 50 rows."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_otp import DEVICE_ID_SESSION_KEY

from payments.models import Bank, GatewayMessage, Payment, PaymentCase
from tests.factories import make_officer, make_payment, tell

LISTS = ["payment", "paymentcase", "gatewaymessage", "bank"]


@pytest.fixture
def desk(db):
    """The browser of an officer who has typed his code."""
    officer = make_officer()
    client = Client()
    client.force_login(officer)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = officer.authenticator_set.get().persistent_id
    session.save()
    return client


@pytest.fixture
def rows(contribution, at):
    """Many attempts, messages and cases; the first is an anomaly."""

    def make(count):
        for number in range(count):
            payment = make_payment(contribution, "failed", at=at + timedelta(hours=number))
            tell(payment, "00", txnAmount="1.00")

    return make


def url(name, *args):
    return reverse(f"admin:payments_{name}", args=args)


def queries(desk, name):
    """How many a list takes."""
    with CaptureQueriesContext(connection) as taken:
        assert desk.get(url(f"{name}_changelist")).status_code == 200
    return len(taken)


def test_a_list_costs_the_same_with_many_rows(clock, desk, rows):
    rows(1)
    desk.get(url("payment_changelist"))
    few = {name: queries(desk, name) for name in LISTS}
    rows(49)
    assert {name: queries(desk, name) for name in LISTS} == few
    assert max(few.values()) <= 10


@pytest.mark.parametrize("model", [Payment, PaymentCase, GatewayMessage, Bank])
def test_a_row_is_to_be_looked_at_only(desk, rows, model):
    rows(1)
    row = model.objects.first()
    page = url(f"{model._meta.model_name}_change", row.pk)
    text = desk.get(page).content.decode()
    assert "N%40ME" not in text
    assert "fpx_buyerEmail" not in text
    assert desk.post(page, {"status": "succeeded"}).status_code == 403
    assert desk.get(url(f"{model._meta.model_name}_add")).status_code == 403
    assert desk.post(url(f"{model._meta.model_name}_delete", row.pk)).status_code == 403


def test_a_driver_finds_no_desk(client, aminah):
    client.force_login(aminah)
    assert client.get(url("payment_changelist")).status_code == 302
