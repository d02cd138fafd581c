"""The receipt that is really drawn, and read back; `test_drawn` draws many more."""

import gc
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import ImageOps
from pyhanko.pdf_utils.generic import pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.validation import SignatureCoverageLevel

from receipts import jobs, pdf, qr
from receipts.pdf import signing
from tests.factories import AT
from tests.receipts.drawn import (
    complaints,
    figures,
    readings,
    sentences_in,
    signature_of,
    stated,
    tags,
    text_of,
)
from tests.receipts.scanned import printed, scanned


def test_the_receipt_repeats_is_archival_and_says_all_that_it_must():
    receipt = stated()
    document = pdf.draw(receipt)
    assert pdf.draw(receipt) == document
    assert len(document) < 40_000
    assert complaints(document) == []
    assert tags(document) >= {"Document", "H1", "H2", "P", "Table", "TR", "TH", "TD", "Figure"}
    text = text_of(document)
    for words in [
        "RESIT BAYARAN CARUMAN",
        "DIBAYAR",
        "SPS-2026-00001234",
        "AMINAH BINTI ALI",
        "850101-14-5523",
        "Pelan 2, pendapatan bulanan diinsuranskan RM1,550.00",
        "12 bulan",
        "RM232.80",
        "dua ratus tiga puluh dua dan sen lapan puluh sahaja",
        "22/11/2026 10:00:39",
        "22/11/2027 10:00:39",
        "Semua masa ialah waktu Malaysia.",
        "SBI BANK A",
        "2611221000000047",
        "22/11/2026 09:58:46",
        "261122K7F3A00047",
        "7K3MQ-0ZT4V-ABCDE-12345-XYZ01",
        "Resit demonstrasi",
        "1/1",
    ]:
        assert words in text, words


# --- for those who cannot see it -----------------------------------------------------------
@pytest.fixture(scope="module")
def drawn():
    return pdf.draw(stated())


def test_each_moment_is_read_out_beside_its_label(drawn):
    for text in readings(drawn):
        assert "BERMULA 22 Nov 2026 22/11/2026 10:00:39 TAMAT 22 Nov 2027 22/11/2027" in text


def test_the_foot_says_which_language_it_speaks(drawn):
    assert (sentences_in("ms", drawn), sentences_in("en", drawn)) == (1, 1)


def test_the_picture_of_the_code_lies_where_its_box_says(drawn):
    """Cut out by its box alone, it is still read; a phone needs four modules of white around it."""
    with pikepdf.open(BytesIO(drawn)) as opened:
        (box,) = [[*map(float, one.A.BBox)] for one in figures(opened) if "QR" in str(one.Alt)]
    left, bottom, right, top = (round(2 * corner) for corner in box)
    picture = printed(drawn)
    place = (left - 2, picture.height - top - 2, right + 2, picture.height - bottom + 2)
    assert scanned(ImageOps.expand(picture.crop(place), 40, "white")) == qr.address(stated())


# --- the signature -------------------------------------------------------------------------
@pytest.fixture(scope="module")
def signed():
    """A page that is quickly made, signed as a receipt is."""
    return signing.sign(blank_page())


def blank_page():
    with pikepdf.new() as document:
        document.add_blank_page()
        kept = BytesIO()
        document.save(kept, deterministic_id=True)
    return kept.getvalue()


def test_the_signature_holds_and_covers_the_whole_file(signed):
    status = signature_of(signed)
    assert status.bottom_line
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert status.md_algorithm == "sha256"
    assert status.signing_cert.public_key.curve == ("named", "secp256r1")


def test_the_key_is_used_once_a_document(monkeypatch):
    """Not a second time only to learn how much room a signature takes."""
    signer, used = signing._signer(), []
    sign = signer.async_sign

    async def counted(*given, **named):
        used.append(named)
        return await sign(*given, **named)

    monkeypatch.setattr(signer, "async_sign", counted)
    signing.sign(blank_page())
    assert len(used) == 1


def test_a_larger_key_with_its_certificate_finds_room(settings):
    keys = Path(settings.RECEIPT_KEY_FILE).parent
    settings.RECEIPT_KEY_FILE = str(keys / "seller.key")  # RSA
    settings.RECEIPT_CERTIFICATE_FILE = str(keys / "seller.cer")
    forget_the_key()
    assert signature_of(signing.sign(blank_page())).bottom_line
    forget_the_key()


def forget_the_key():
    signing._signer.cache_clear()
    signing._room.cache_clear()


def test_what_was_drawn_stays_byte_for_byte(signed):
    assert signed.startswith(blank_page())


def test_one_changed_byte_breaks_the_signature(signed):
    place = signed.index(b"/MediaBox") + 12
    changed = bytearray(signed)
    changed[place] ^= 1
    status = signature_of(bytes(changed))
    assert not status.intact
    assert not status.bottom_line


def test_a_page_added_later_breaks_the_signature(signed):
    """Whoever appends leaves the signed bytes alone, but the signature permits no change."""
    writer = IncrementalPdfFileWriter(BytesIO(signed))
    writer.root["/Lang"] = pdf_string("en")
    writer.update_root()
    kept = BytesIO()
    writer.write(kept)
    assert not signature_of(kept.getvalue()).bottom_line


def test_nothing_is_signed_without_a_key(settings, tmp_path):
    settings.RECEIPT_KEY_FILE = str(tmp_path / "none.key")
    forget_the_key()
    with pytest.raises(FileNotFoundError):
        signing.sign(blank_page())
    forget_the_key()


def test_what_is_kept_is_drawn_and_signed(monkeypatch):
    monkeypatch.setattr(pdf, "draw", lambda receipt: blank_page())
    assert signature_of(pdf.write(stated())).bottom_line


# --- the page that is drawn ----------------------------------------------------------------
def test_a_name_is_text_and_never_markup():
    page = pdf.page(stated(full_name="<img src=https://contoh.my/x.png>"))
    assert "<img" not in page
    assert "&lt;IMG" in page


def test_the_receipt_opens_nothing_but_its_fonts():
    fetcher, _fonts, _style = pdf.studio()
    for url in ["https://contoh.my/", "file:///etc/passwd", "data:text/plain,x"]:
        with pytest.raises(ValueError, match="nothing but its fonts"):
            fetcher.fetch(url)
    assert len(fetcher.own) == 3


def test_a_worker_gets_ready_before_its_first_receipt():
    pdf.studio.cache_clear()
    jobs.prepare_to_draw()
    assert pdf.studio.cache_info().currsize == 1


def test_nothing_that_stays_is_walked_again_with_each_receipt():
    gc.unfreeze()
    jobs.prepare_to_draw()
    assert gc.get_freeze_count() > 100_000
    gc.unfreeze()


def test_the_page_promises_no_more_than_a_signature_holds():
    """Readers let a title pass that was written outside the document's content."""
    assert "jika isinya diubah, pembaca PDF akan memberi amaran" in pdf.page(stated())
    assert "if its content is changed" in pdf.page(stated(language="en"))


def test_an_official_receipt_is_no_demonstration(settings):
    assert "demonstrasi" in pdf.page(stated())
    settings.OFFICIAL_SITE = True
    assert "demonstrasi" not in pdf.page(stated())


def test_a_queued_period_says_why_it_begins_later():
    assert "terdahulu" not in pdf.page(stated())
    assert "terdahulu" in pdf.page(stated(coverage_starts_at=AT + timedelta(days=9)))


def test_an_english_receipt_counts_in_english():
    page = " ".join(pdf.page(stated(language="en")).split())
    assert '<html lang="en">' in page
    assert "two hundred thirty-two and sen eighty only" in page


def test_a_receipt_without_fpx_time_says_nothing_of_it():
    assert "Masa transaksi FPX" in pdf.page(stated())
    assert "Masa transaksi FPX" not in pdf.page(stated(fpx_transaction_at=None))


def test_a_correction_names_the_receipt_that_it_replaces():
    wrong = stated(number="SPS-2026-00000001", voided_at=AT + timedelta(days=3))
    page = pdf.page(stated(corrects=wrong))
    assert "menggantikan resit SPS-2026-00000001" in page
    assert "25/11/2026 10:00:00" in page
    assert "menggantikan" not in pdf.page(stated())


def test_the_picture_leads_to_the_page_that_checks_it(settings):
    settings.PORTAL_URL = "https://caruman.contoh.my"
    code = "7K3MQ0ZT4VABCDE12345XYZ01"
    assert qr.address(stated(language="en")) == f"https://caruman.contoh.my/r/{code}/"
    assert pdf.page(stated()).count("<svg") == 2
