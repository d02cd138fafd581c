"""FPX tells us directly, and reads OK or something else."""

import json
from datetime import timedelta
from itertools import count

import pytest
import time_machine
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.utils import timezone

from contributions.models import CoveragePeriod
from payments.models import GatewayMessage, Payment
from payments.services import enquiries
from receipts.models import Receipt
from tests.payments import fakes

PATH = "/bayaran/fpx/langsung/"
FORM = "application/x-www-form-urlencoded"
MOST = 4096  # bytes that a genuine message has at most
pytestmark = pytest.mark.django_db


def post(raw, content_type=FORM, **headers):
    """As FPX's server posts: no cookie, no CSRF token."""
    client = Client(enforce_csrf_checks=True)
    return client.generic("POST", PATH, raw, content_type=content_type, **headers)


@pytest.mark.parametrize("copies", [1, 5])
def test_a_success_settles_and_is_answered_ok(payment, copies):
    for _ in range(copies):
        answer = post(fakes.answer(payment))
        assert (answer.status_code, answer.content) == (200, b"OK")
        assert answer["Content-Type"] == "text/plain; charset=us-ascii"
    assert Payment.objects.get().status == "succeeded"
    assert Receipt.objects.count() == 1


def test_the_moment_is_when_the_message_came(payment, at):
    with time_machine.travel(at.replace(minute=2, second=11), tick=False):
        post(fakes.answer(payment))
    assert Receipt.objects.get().issued_at == at.replace(minute=2, second=11)


@pytest.mark.parametrize("change", [{"txnAmount": "1.00"}, {"sellerExOrderNo": "261122ZZZZZZZZZZ"}])
def test_well_signed_nonsense_is_ok_because_repeats_cannot_help(payment, change):
    assert post(fakes.answer(payment, **change)).content == b"OK"
    assert Payment.objects.get().status == "started"


def test_what_cannot_be_verified_is_not_ok_so_that_fpx_repeats(payment):
    answer = post(fakes.answer(payment, key_name="fpx_wrong.key"))
    assert (answer.status_code, answer.content) == (400, b"CHECKSUM ERROR")


def test_what_cannot_be_settled_now_is_not_ok(payment, monkeypatch):
    def broken(**facts):
        raise RuntimeError("the database went away")

    monkeypatch.setattr("receipts.services.issuing.issue_receipt", broken)
    answer = post(fakes.answer(payment))
    assert (answer.status_code, answer.content) == (503, b"OTHER ERROR")
    assert GatewayMessage.objects.get().verdict == "unjudged"


ODD = {
    "empty": (b"", FORM),
    "json": (json.dumps({"fpx_msgType": "AC"}).encode(), "application/json"),
    "multipart": (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x"),
    "broken multipart": (b"--y", "multipart/form-data"),
    "latin-1": ("fpx_buyerName=Jos\xe9&fpx_msgType=AC".encode("latin-1"), FORM),
    "another character set": (b"\xff\xfe\x00", f"{FORM}; charset=utf-16"),
    "no such character set": (b"fpx_msgType=AC", f"{FORM}; charset=nonsense"),
    "nul": (b"fpx_sellerExOrderNo=%00%00&fpx_msgType=AC", FORM),
    "one megabyte": (b"x" * 1_048_576, FORM),
    "three megabytes": (b"a=1&" * 786_432, FORM),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_bodies_are_stored_and_answered(name):
    raw, content_type = ODD[name]
    answer = post(raw, content_type)
    assert (answer.status_code, answer.content) == (400, b"CHECKSUM ERROR")
    message = GatewayMessage.objects.get()
    assert message.raw.encode("latin-1") == raw[:MOST]
    assert message.verdict == "unverified"


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "options"])
def test_other_methods_are_answered_too(method):
    answer = getattr(Client(), method)(f"{PATH}?fpx_msgType=AC")
    assert answer.status_code == 400
    assert GatewayMessage.objects.get().verdict == "unverified"


def test_it_neither_reads_nor_writes_cookies(payment, aminah, client):
    client.force_login(aminah)
    answer = client.post(PATH, fakes.answer(payment), content_type=FORM)
    assert answer.cookies == {}
    assert "Cookie" not in answer.get("Vary", "")


def test_a_message_costs_few_queries(payment, django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        post(fakes.answer(payment))
    with django_assert_max_num_queries(12):
        post(fakes.answer(payment))


# --- the database's link -------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("commit", [1, 2], ids=["that stores", "that settles"])
def test_a_link_that_is_lost_after_a_commit_credits_once(payment, monkeypatch, commit):
    """PostgreSQL has committed, and its word of it never arrives."""
    genuine, commits = BaseDatabaseWrapper._commit, count(1)

    def lost(wrapper):
        genuine(wrapper)
        if next(commits) == commit:
            wrapper.connection.close()
            raise OperationalError("server closed the connection unexpectedly")

    portal = Client(raise_request_exception=False)
    raw = fakes.answer(payment, "00")
    with monkeypatch.context() as patch:
        patch.setattr(BaseDatabaseWrapper, "_commit", lost)
        portal.post(PATH, raw, content_type=FORM)
    assert GatewayMessage.objects.count() == 1
    assert portal.post(PATH, raw, content_type=FORM).content == b"OK"
    enquiries.judge_left_over(at=timezone.now() + timedelta(hours=1))
    assert not GatewayMessage.objects.unjudged().exists()
    assert Payment.objects.get().status == "succeeded"
    assert Receipt.objects.count() == CoveragePeriod.objects.count() == 1
