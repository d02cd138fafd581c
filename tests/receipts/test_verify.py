"""Anyone with the code learns whether the receipt is genuine, and nothing more."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from receipts.services import correction
from receipts.verification_code import new_code
from tests.factories import AT, make_officer, make_receipt


def url_of(receipt):
    return reverse("receipts:verify", args=[receipt.code])


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT + timedelta(days=1), tick=False) as clock:
        yield clock


def words(response):
    return " ".join(response.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def test_in_english_a_receipt_is_checked_and_not_reviewed(client):
    assert '<button class="button">Check</button>' in client.get("/en/r/").text


def test_a_stranger_sees_number_masked_name_period_and_cover(client, receipt):
    page = words(client.get(url_of(receipt)))
    for shown in [
        "Resit ini sah",
        receipt.number,
        "AMINAH B•• A••",
        "22 Nov 2026, 10:00 pagi",
        "22 Dis 2026, 10:00 pagi",
        "Dilindungi",
    ]:
        assert shown in page, shown


def test_a_stranger_learns_nothing_more(client, receipt, aminah):
    page = words(client.get(url_of(receipt)))
    hidden = ["binti", "5523", "850101", "RM13.10", "SBI", "Teksi", str(receipt.public_id)]
    hidden += [receipt.fpx_transaction_id, receipt.payment_reference, aminah.email, aminah.phone]
    assert [secret for secret in hidden if secret in page] == []


@pytest.mark.parametrize("write", [str.lower, lambda code: "-".join(code)])
def test_the_code_is_read_however_it_is_written(client, receipt, write):
    page = client.get(reverse("receipts:verify", args=[write(receipt.code)]))
    assert receipt.number in words(page)


@pytest.mark.parametrize(
    ("moment", "cover_status", "tone"),
    [
        (AT - timedelta(seconds=1), "belum bermula", "warning"),
        (AT, "Dilindungi</span>", "success"),
        (AT.replace(month=12) - timedelta(seconds=1), "Dilindungi</span>", "success"),
        (AT.replace(month=12), "telah tamat", "warning"),
    ],
)
def test_it_says_whether_the_period_covers_now(client, receipt, clock, moment, cover_status, tone):
    """At a glance too: green is for who is covered, not for any genuine paper."""
    clock.move_to(moment, tick=False)
    page = words(client.get(url_of(receipt)))
    assert "Resit ini sah" in page
    assert cover_status in page
    assert f'class="panel panel--{tone}"' in page


def test_a_void_receipt_says_so(client, receipt, aminah):
    aminah.full_name = "Aminah binti Alias"
    aminah.save()
    correction.correct_receipt(receipt=receipt, by=make_officer(), at=AT)
    page = words(client.get(url_of(receipt)))
    assert "tidak lagi sah" in page
    assert "Dilindungi</span>" not in page
    assert "Resit ini sah" not in page


def test_english_is_spoken(client, receipt):
    page = words(client.get("/en" + url_of(receipt)))
    assert "This receipt is genuine" in page


# --- wrong and guessed codes ---------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "status"),
    [("x", 404), ("A" * 25, 404), ("%00", 400), ("é", 404), ("../resit", 404)],
)
def test_a_wrong_code_is_no_receipt(client, receipt, code, status):
    response = client.get(f"/r/{code}/")
    assert response.status_code == status
    assert receipt.number not in words(response)


def test_the_number_is_no_code(client, receipt):
    """The page may repeat its own address; of the receipt it tells nothing."""
    response = client.get(f"/r/{receipt.number}/")
    assert response.status_code == 404
    assert "Resit tidak dijumpai" in words(response)
    assert "AMINAH" not in words(response)


def test_a_network_that_guesses_is_stopped(client, receipt, settings, clock):
    settings.LIMITS = settings.LIMITS | {"receipt_code_per_network": (3, timedelta(minutes=15))}
    guesses = [client.get(f"/r/{new_code()}/").status_code for _ in range(5)]
    assert guesses == [404, 404, 404, 429, 429]
    stopped = client.get(f"/r/{new_code()}/")
    assert stopped.status_code == 429
    assert stopped["Retry-After"] == "900"
    assert client.get(f"/r/{new_code()}/", REMOTE_ADDR="203.0.113.9").status_code == 404
    clock.shift(timedelta(minutes=15))
    assert client.get(f"/r/{new_code()}/").status_code == 404


def test_others_wrong_codes_of_the_network_shut_no_true_one_out(client, receipt):
    """Thousands of phones of one carrier come from one address."""
    for _guess in range(31):
        answer = client.get(f"/r/{new_code()}/")
    assert answer.status_code == 429
    assert client.get(url_of(receipt)).status_code == 200


def test_true_codes_are_no_guesses(client, receipt, settings):
    settings.LIMITS = settings.LIMITS | {"receipt_code_per_network": (2, timedelta(minutes=15))}
    assert {client.get(url_of(receipt)).status_code for _ in range(5)} == {200}


def test_nobody_keeps_the_page(client, receipt):
    response = client.get(url_of(receipt))
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


def test_verify_takes_no_post(client, receipt):
    assert client.post(url_of(receipt)).status_code == 405


def test_verify_asks_little(client, receipt, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):  # one of the receipt
        page = client.get(url_of(receipt))
    assert len(page.content) < 20_000


# --- the form ------------------------------------------------------------------------------
URL = reverse("receipts:ask_code")


def test_a_typed_code_leads_to_its_receipt(client, receipt):
    typed = receipt.written_code.lower()
    assert client.get(URL, {"code": typed}).headers["Location"] == url_of(receipt)
    assert receipt.number in words(client.get(URL, {"code": typed}, follow=True))


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", "Masukkan kod pengesahan"),
        ("SPS-2026-00001234", "25 huruf dan angka. Semak"),
        ("x" * 61, "25 huruf dan angka. Semak"),
        ("é" * 25, "25 huruf dan angka. Semak"),
    ],
)
def test_a_code_that_cannot_be_one_is_asked_again(client, db, typed, error):
    page = client.get(URL, {"code": typed})
    assert error in words(page)
    assert "Ada masalah" in words(page)


def test_the_form_is_public_and_shows_no_error_at_first(client, db):
    page = client.get(URL)
    assert page.status_code == 200
    assert "Ada masalah" not in words(page)


def test_a_queued_period_is_not_yet_cover(client, registration, receipt):
    queued = make_receipt(registration, issued_at=AT + timedelta(hours=1))
    assert "belum bermula" in words(client.get(url_of(queued)))
