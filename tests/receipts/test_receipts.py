"""All the driver's receipts."""

from datetime import timedelta

import pytest
from django.urls import reverse

from receipts.tasks import draw_receipt
from tests.factories import make_receipt

URL = reverse("receipts:receipts")


def test_receipts_shows_his_own_newest_first(signed_in, registration, receipt, at):
    later = make_receipt(registration, plan=2, months=12, issued_at=at + timedelta(days=1))
    page = signed_in.get(URL).content.decode()
    assert page.index(later.number) < page.index(receipt.number)
    assert "RM232.80" in page
    assert "RM13.10" in page
    assert reverse("receipts:receipt", args=[later.public_id]) in page


def test_receipts_offers_the_pdf_once_it_is_drawn(signed_in, receipt, at, drawings):
    url = reverse("receipts:download", args=[receipt.public_id])
    assert url not in signed_in.get(URL).content.decode()
    draw_receipt.handler(receipt.pk, at=at)
    assert url in signed_in.get(URL).content.decode()


def test_receipts_says_so_when_there_is_none(signed_in):
    assert "Belum ada resit" in signed_in.get(URL).content.decode()


def test_receipts_shows_no_strangers(client, chandran, receipt):
    client.force_login(chandran)
    assert receipt.number not in client.get(URL).content.decode()


def test_receipts_is_closed(client, db):
    assert client.get(URL).status_code == 302
    assert reverse("accounts:log_in") in client.get(URL)["Location"]


def test_receipts_takes_no_post(signed_in):
    assert signed_in.post(URL).status_code == 405


def test_a_wrong_page_number_is_the_last_page(signed_in, receipt):
    assert receipt.number in signed_in.get(URL, {"page": "99"}).content.decode()


@pytest.mark.parametrize("months", [1, 50])
def test_receipts_asks_little(signed_in, registration, at, months, django_assert_max_num_queries):
    for month in range(months):
        make_receipt(registration, issued_at=at + timedelta(days=32 * (month - months)))
    with django_assert_max_num_queries(6):
        page = signed_in.get(URL)
    assert len(page.content) < 20_000
