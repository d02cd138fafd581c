"""One box finds a person by whatever he can tell; what is typed stands in no url."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from foundation.audit import AuditEvent
from foundation.wording import formatted_ic, local_phone
from receipts.models import Receipt
from registration.models import Registration
from tests.factories import make_officer, make_receipt, make_registration, make_user
from tests.staff.desk import seated

pytestmark = pytest.mark.django_db
URL = "/staf/carian/"


@pytest.fixture
def aminah(at):
    """Covered, drives VAB 1234."""
    registration = make_registration(make_user("Aminah binti Ali"), "approved", at=at)
    make_receipt(registration)
    make_registration(make_user("Boon bin Chandran"), "draft", vehicle_number="WXY 99")
    return registration.user


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        (lambda user: user.ic_number, "ic_number"),
        (lambda user: formatted_ic(user.ic_number), "ic_number"),
        (lambda user: user.phone, "phone"),
        (lambda user: local_phone(user.phone), "phone"),
        (lambda user: user.receipts.get().number, "receipt"),
        (lambda user: user.receipts.get().number.lower(), "receipt"),
        (lambda user: "VAB 1234", "plate"),
        (lambda user: "vab1234", "plate"),
        (lambda user: "b12", "plate"),
    ],
)
def test_a_person_is_found(client, aminah, written, kind):
    officer = seated(client)
    page = client.post(URL, {"q": written(aminah)})
    assert page.context["kind"] == kind
    assert page.context["people"] == [aminah]
    assert "Aminah binti Ali" in page.text
    event = AuditEvent.objects.get(action="searched")
    assert (event.by, event.detail) == (officer, {"kind": kind})


def test_what_is_found_is_masked(client, aminah):
    seated(client)
    page = client.post(URL, {"q": "VAB 1234"})
    assert f"••••••-••-{aminah.ic_number[-4:]}" in page.text
    for secret in (aminah.ic_number, aminah.phone, local_phone(aminah.phone), aminah.email):
        assert secret not in page.text


@pytest.mark.parametrize("words", ["850101", "SPS-2026-99999999", "012-000 0000", "ZZZ"])
def test_nobody_is_found(client, aminah, words):
    seated(client)
    page = client.post(URL, {"q": words})
    assert page.context["people"] == []
    assert "Tiada sesiapa sepadan" in page.text


@pytest.mark.parametrize("words", ["", "  ", "AB", "A B", "100%", "___"])
def test_too_little_is_told(client, aminah, words):
    seated(client)
    page = client.post(URL, {"q": words})
    assert 'role="alert"' in page.text
    assert not AuditEvent.objects.filter(action="searched").exists()


def test_the_page_is_shown_before_anything_is_sought(client):
    seated(client)
    page = client.get(f"{URL}?q=850101145523")
    assert page.status_code == 200
    assert "850101145523" not in page.text


def test_fifty_are_shown(client, at):
    for number in range(51):
        make_registration(make_user(f"Pemandu {number}"), "draft")
    seated(client)
    page = client.post(URL, {"q": "VAB"})
    assert len(page.context["people"]) == 50
    assert "Lebih 50 orang" in page.text


def test_it_takes_as_many_queries_for_many_as_for_one(client, clock, aminah):
    seated(client)
    client.post(URL, {"q": "VAB"})
    with CaptureQueriesContext(connection) as few:
        client.post(URL, {"q": "VAB"})
    for number in range(20):
        make_receipt(make_registration(make_user(f"Pemandu {number}"), "approved"))
    with CaptureQueriesContext(connection) as many:
        client.post(URL, {"q": "VAB"})
    assert len(many) == len(few)


def test_it_needs_its_permission(client):
    seated(client, make_officer(is_superuser=False))
    assert client.get(URL).status_code == 403
    assert client.post(URL, {"q": "VAB"}).status_code == 403


@pytest.mark.parametrize(
    ("found", "index"),
    [
        (lambda: Registration.objects.with_plate("VAB"), "registration_plate"),
        (lambda: Registration.objects.awaiting_review()[:100], "registration_waiting"),
        (lambda: User.objects.filter(phone_index="x"), "phone_index"),
        (lambda: User.objects.filter(ic_number_index="x"), "ic_number_index"),
        (lambda: Receipt.objects.filter(number="SPS-2026-00000001"), "receipt_number"),
    ],
)
def test_an_index_answers(found, index):
    """With so few rows PostgreSQL would read them all: it is asked not to."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = found().explain()
    assert "Index" in plan
    assert index in plan
