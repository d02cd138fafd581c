"""The stored PDF, byte for byte, for its owner."""

import hashlib

from django.urls import reverse

from receipts.tasks import draw_receipt


def url_of(receipt):
    return reverse("receipts:download", args=[receipt.public_id])


def test_download_gives_the_stored_bytes(signed_in, receipt, at, drawings):
    draw_receipt.handler(receipt.pk, at=at)
    answer = signed_in.get(url_of(receipt))
    content = b"".join(answer.streaming_content)
    receipt.refresh_from_db()
    assert hashlib.sha256(content).hexdigest() == receipt.sha256
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{receipt.number}.pdf"'
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_download_leads_to_the_page_while_there_is_none(signed_in, receipt):
    answer = signed_in.get(url_of(receipt))
    assert answer.status_code == 302
    assert answer["Location"] == reverse("receipts:receipt", args=[receipt.public_id])


def test_download_is_not_for_strangers(client, chandran, receipt, at, drawings):
    draw_receipt.handler(receipt.pk, at=at)
    client.force_login(chandran)
    assert client.get(url_of(receipt)).status_code == 404


def test_download_is_closed(client, receipt):
    assert client.get(url_of(receipt)).status_code == 302


def test_download_draws_nothing(signed_in, receipt, drawings):
    signed_in.get(url_of(receipt))
    assert drawings == []
