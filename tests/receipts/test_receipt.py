"""One receipt as a page, which is proof while the worker still draws."""

from datetime import timedelta

import pytest
from django.urls import reverse

from receipts.services import correction as receipt_correction
from receipts.tasks import draw_receipt
from tests.factories import make_officer, make_receipt


def url_of(receipt):
    return reverse("receipts:receipt", args=[receipt.public_id])


def test_receipt_states_the_cover_to_the_second(signed_in, registration, at):
    receipt = make_receipt(registration, issued_at=at.replace(second=39))
    page = signed_in.get(url_of(receipt)).content.decode()
    for words in [
        receipt.number,
        "22/11/2026 10:00:39",
        "22/12/2026 10:00:39",
        "Semua masa ialah waktu Malaysia.",
        "RM13.10",
        "SBI BANK A",
        receipt.fpx_transaction_id,
        receipt.payment_reference,
        "Aminah binti Ali",
    ]:
        assert words in page, words


def test_receipt_masks_the_ic_number(signed_in, receipt):
    page = signed_in.get(url_of(receipt)).content.decode()
    assert "5523" in page
    assert "850101" not in page


def test_receipt_says_that_the_pdf_is_being_prepared(signed_in, receipt):
    page = signed_in.get(url_of(receipt)).content.decode()
    assert "PDF sedang disediakan" in page
    assert "Muat turun resit" not in page


def test_receipt_offers_the_pdf_once_it_is_drawn(signed_in, receipt, at, drawings):
    draw_receipt.handler(receipt.pk, at=at)
    page = signed_in.get(url_of(receipt)).content.decode()
    link = reverse("receipts:download", args=[receipt.public_id])
    assert f'href="{link}">Muat turun resit<' in page
    assert "sedang disediakan" not in page


def test_receipt_says_why_a_queued_period_begins_later(signed_in, registration, receipt, at):
    queued = make_receipt(registration, issued_at=at + timedelta(days=1))
    assert "terdahulu" not in signed_in.get(url_of(receipt)).content.decode()
    assert "terdahulu" in signed_in.get(url_of(queued)).content.decode()


def test_receipt_is_not_for_strangers(client, chandran, receipt):
    client.force_login(chandran)
    assert client.get(url_of(receipt)).status_code == 404


def test_receipt_is_closed(client, receipt):
    assert client.get(url_of(receipt)).status_code == 302


def test_receipt_takes_no_post(signed_in, receipt):
    assert signed_in.post(url_of(receipt)).status_code == 405


@pytest.mark.parametrize("language", ["", "/en"])
def test_receipt_asks_little(signed_in, receipt, django_assert_max_num_queries, language):
    with django_assert_max_num_queries(6):
        page = signed_in.get(language + url_of(receipt))
    assert page.status_code == 200
    assert len(page.content) < 20_000


# --- a correction --------------------------------------------------------------------------
@pytest.fixture
def correction(receipt, aminah, at, drawings):
    draw_receipt.handler(receipt.pk, at=at)
    aminah.full_name = "Aminah binti Alias"
    aminah.save()
    return receipt_correction.correct_receipt(receipt=receipt, by=make_officer(), at=at)


def test_a_void_receipt_stays_readable_and_is_marked(signed_in, receipt, correction):
    page = signed_in.get(url_of(receipt)).content.decode()
    assert "Resit ini tidak lagi sah" in page
    assert f'href="{url_of(correction)}">{correction.number}</a>' in page
    assert "Aminah binti Ali<" in page
    assert "Dibayar</span>" not in page
    assert "card--success" not in page
    pdf = signed_in.get(reverse("receipts:download", args=[receipt.public_id]))
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")


def test_a_correction_names_the_void_one(signed_in, receipt, correction):
    page = signed_in.get(url_of(correction)).content.decode()
    assert f'href="{url_of(receipt)}">{receipt.number}</a>' in page
    assert "Aminah binti Alias" in page
    assert "tidak lagi sah" not in page


def test_the_list_marks_the_void_one_alone(signed_in, receipt, correction):
    page = signed_in.get(reverse("receipts:receipts")).content.decode()
    assert page.count("Tidak lagi sah</span>") == 1
    assert correction.number in page
