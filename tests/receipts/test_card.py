"""The card that is shown to a passenger or an enforcement officer."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from receipts.services import correction as receipt_correction
from tests.factories import AT, make_officer, make_receipt, make_registration

URL = reverse("receipts:card")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT + timedelta(days=1), tick=False) as clock:
        yield clock


def words(response):
    return " ".join(response.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def test_the_card_says_until_when_and_brings_its_proof(signed_in, receipt):
    page = words(signed_in.get(URL))
    for shown in [
        "DILINDUNGI",
        "Aminah binti Ali",
        "5523",
        "22 Dis 2026, 10:00 pagi",
        receipt.number,
        receipt.written_code,
    ]:
        assert shown in page, shown
    assert "850101" not in page


def test_each_sector_has_its_card(signed_in, aminah, receipt):
    bus = make_receipt(make_registration(aminah, "submitted", sector="bus"))
    page = words(signed_in.get(URL))
    assert receipt.number in page
    assert bus.number in page


def test_a_queued_receipt_is_not_the_card(signed_in, registration, receipt, clock):
    queued = make_receipt(registration, issued_at=AT + timedelta(hours=1))
    assert queued.number not in words(signed_in.get(URL))
    clock.move_to(receipt.coverage_ends_at, tick=False)
    signed_in.force_login(receipt.user)
    page = words(signed_in.get(URL))
    assert queued.number in page
    assert receipt.number not in page


def test_the_card_is_of_the_valid_receipt(signed_in, receipt, aminah):
    aminah.full_name = "Aminah binti Alias"
    aminah.save()
    correction = receipt_correction.correct_receipt(receipt=receipt, by=make_officer(), at=AT)
    page = words(signed_in.get(URL))
    assert correction.number in page
    assert receipt.number not in page


def test_who_is_not_covered_has_no_card(signed_in, receipt, clock):
    clock.move_to(receipt.coverage_ends_at, tick=False)
    signed_in.force_login(receipt.user)
    page = words(signed_in.get(URL))
    assert "tidak dilindungi sekarang" in page
    assert "DILINDUNGI<" not in page


def test_the_card_is_his_alone(client, chandran, receipt):
    client.force_login(chandran)
    assert receipt.number not in words(client.get(URL))
    client.logout()
    assert client.get(URL).status_code == 302


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_card_asks_little(signed_in, receipt, language, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        page = signed_in.get(language + URL)
    assert len(page.content) < 20_000
