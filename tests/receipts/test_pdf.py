"""The receipt that is really drawn, and read back."""

from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest
from pypdf import PdfReader

from perkeso.wording import exact_moment
from receipts import jobs, pdf
from receipts.models import Receipt
from tests.factories import make_receipt, make_registration, make_user


def text_of(document):
    pages = PdfReader(BytesIO(document)).pages
    assert len(pages) == 1
    return " ".join(pages[0].extract_text().split())


@pytest.fixture
def receipt(registration, at):
    return make_receipt(registration, plan=2, months=12, issued_at=at.replace(second=39))


@pytest.fixture
def english(db):
    boon = make_user("Tan Boon Keat", language="en")
    return make_receipt(make_registration(boon, "submitted"))


def test_the_drawn_receipt_says_all_that_it_must(receipt):
    text = text_of(pdf.draw(receipt))
    for words in [
        "RESIT BAYARAN CARUMAN",
        "DIBAYAR",
        receipt.number,
        "AMINAH BINTI ALI",
        "850101-14-5523",
        "Pelan 2, pendapatan bulanan diinsuranskan RM1,550.00",
        "12 bulan",
        "RM232.80",
        "dua ratus tiga puluh dua dan sen lapan puluh sahaja",
        "22/11/2026 10:00:39 MYT",
        "22/11/2027 10:00:39 MYT",
        "SBI BANK A",
        receipt.fpx_transaction_id,
        exact_moment(receipt.fpx_transaction_at),
        receipt.payment_reference,
        "Resit demonstrasi",
        "1/1",
    ]:
        assert words in text, words


def test_the_drawing_repeats_and_is_archival_and_tagged(receipt):
    document = pdf.draw(receipt)
    assert pdf.draw(receipt) == document
    assert len(document) < 40_000
    with pikepdf.open(BytesIO(document)) as opened:
        root = opened.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang) == "ms"
        assert root.OutputIntents
        assert opened.open_metadata()["pdfaid:part"] == "3"
        assert opened.open_metadata()["pdfaid:conformance"] == "A"
        assert receipt.number in str(opened.docinfo["/Title"])
        fonts = {str(font.BaseFont)[8:] for font in _fonts(opened)}
    assert fonts == {"Inter", "Inter-Semi-Bold", "Poppins-Semi-Bold"}


def _fonts(document):
    for page in document.pages:
        yield from page.Resources.Font.values()


# --- the page that is drawn ----------------------------------------------------------------
def test_a_name_is_text_and_never_markup(receipt):
    receipt.full_name = "<img src=https://contoh.my/x.png>"
    assert "<img" not in pdf.page(receipt)
    assert "&lt;IMG" in pdf.page(receipt)


def test_the_receipt_opens_nothing_but_its_fonts(settings):
    fetcher, _fonts, _style = pdf.studio()
    for url in ["https://contoh.my/", "file:///etc/passwd", "data:text/plain,x"]:
        with pytest.raises(ValueError, match="nothing but its fonts"):
            fetcher.fetch(url)
    assert len(fetcher.own) == 3


def test_a_worker_gets_ready_before_its_first_receipt():
    pdf.studio.cache_clear()
    jobs.prepare_to_draw()
    assert pdf.studio.cache_info().currsize == 1


def test_an_official_receipt_is_no_demonstration(receipt, settings):
    settings.OFFICIAL_SITE = True
    assert "demonstrasi" not in pdf.page(receipt)


def test_a_queued_period_says_why_it_begins_later(receipt, at):
    assert "terdahulu" not in pdf.page(receipt)
    receipt.coverage_starts_at = receipt.coverage_ends_at
    assert "terdahulu" in pdf.page(receipt)


def test_an_english_receipt_counts_in_english(english):
    page = pdf.page(english)
    assert '<html lang="en">' in page
    assert "thirteen and sen ten only" in page


def test_a_receipt_without_fpx_time_says_nothing_of_it(receipt):
    assert "Masa transaksi FPX" in pdf.page(receipt)
    receipt.fpx_transaction_at = None
    assert "Masa transaksi FPX" not in pdf.page(receipt)


def test_the_longest_receipt_is_one_page(receipt):
    receipt.full_name = "Muhammad Syed Abdul Rahman bin " * 4 + "Ali"
    receipt.bank_name = "BANK KERJASAMA RAKYAT MALAYSIA BERHAD (PERSENDIRIAN) CAWANGAN"
    receipt.amount = Decimal("777777.77")
    receipt.coverage_starts_at = receipt.coverage_ends_at
    assert isinstance(receipt, Receipt)
    assert "777,777.77" in text_of(pdf.draw(receipt))
