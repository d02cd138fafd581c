"""The browser comes back from the bank by a cross-site POST, without cookies."""

import pytest
from django.test import Client
from django.utils import translation

from payments.models import GatewayMessage, Payment
from payments.services import attempts
from tests.factories import make_banks
from tests.payments import fakes
from tests.reading import in_one_line

PATH = "/bayaran/fpx/kembali/"
FORM = "application/x-www-form-urlencoded"
pytestmark = pytest.mark.django_db


def come_back(raw, client=None):
    client = client or Client(enforce_csrf_checks=True)
    return client.post(PATH, raw, content_type=FORM, headers={"origin": "http://localhost:8100"})


@pytest.mark.parametrize("code", ["00", "51", "09"])
def test_it_records_and_leads_to_the_payment(payment, code):
    answer = come_back(fakes.answer(payment, code))
    assert answer.status_code == 303
    assert answer["Location"] == f"/bayaran/{payment.reference}/"
    assert GatewayMessage.objects.get().channel == "return"
    assert Payment.objects.get().status != "started"


@pytest.mark.parametrize(
    "change", [{"key_name": "fpx_wrong.key"}, {"txnAmount": "1.00"}], ids=["forged", "changed"]
)
def test_what_is_not_believed_leads_there_too(payment, change):
    answer = come_back(fakes.answer(payment, **change))
    assert (answer.status_code, answer["Location"]) == (303, f"/bayaran/{payment.reference}/")
    assert Payment.objects.get().status == "started"


@pytest.mark.parametrize(
    "raw", [b"", b"ERROR", b"fpx_sellerExOrderNo=261122ZZZZZZZZZZ", b"\x00\xff", b"x" * 1_048_576]
)
def test_nonsense_leads_to_the_dashboard(raw):
    answer = come_back(raw)
    assert (answer.status_code, answer["Location"]) == (303, "/saya/")
    assert GatewayMessage.objects.count() == 1


def test_a_get_leads_to_the_dashboard():
    answer = Client().get(PATH)
    assert (answer.status_code, answer["Location"]) == (303, "/saya/")


def test_he_returns_to_the_language_that_he_left(contribution, at):
    payment = attempts.start_payment(
        contribution=contribution, bank=make_banks(), buyer_email="", at=at, language="en"
    )
    answer = come_back(fakes.answer(payment))
    assert answer["Location"] == f"/en/bayaran/{payment.reference}/"
    assert translation.get_language() == "ms"


def test_it_neither_reads_nor_writes_cookies(payment, aminah, client):
    client.force_login(aminah)
    sessions = dict(client.session.items())
    answer = come_back(fakes.answer(payment), client)
    assert answer.cookies == {}
    assert "Cookie" not in answer.get("Vary", "")
    assert dict(client.session.items()) == sessions


def test_a_lost_session_leads_by_the_log_in_page_to_the_payment(payment, client):
    answer = come_back(fakes.answer(payment))
    page = client.get(answer["Location"])
    assert page.status_code == 302
    assert page["Location"] == f"/log-masuk/?next=/bayaran/{payment.reference}/"


WORD = "Jika anda baru membayar di bank, jangan bayar sekali lagi."


@pytest.mark.parametrize("code", ["00", "51", "09"])
def test_another_browser_has_a_word_about_the_payment_first(payment, code):
    """A bank's own app opens its own; the word is the same whatever became of the payment."""
    browser = Client()
    landing = come_back(fakes.answer(payment, code), browser)["Location"]
    log_in = browser.get(landing, follow=True)
    assert "<h1>Log masuk</h1>" in log_in.text
    assert WORD in in_one_line(log_in.text)
    assert WORD in in_one_line(browser.get("/log-masuk/").text)  # after a mistake, too


@pytest.mark.parametrize("page", ["/saya/", "/tiada-di-sini/", "/resit/?a=/bayaran/1/"])
def test_who_wants_another_page_reads_no_word_of_payments(db, page):
    answer = Client().get("/log-masuk/", {"next": page})
    assert WORD not in in_one_line(answer.text)
