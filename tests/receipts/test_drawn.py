"""Many receipts really drawn and read back: names, languages, lengths, structure, signature."""

import os
import subprocess
import sys
import time
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from pypdf import PdfReader
from weasyprint import HTML

from accounts.forms.identity import FullNameField
from receipts import pdf, qr
from tests.factories import AT
from tests.receipts import verapdf
from tests.receipts.drawn import complaints, signature_of, stated, tags, text_of
from tests.receipts.scanned import printed, scanned

pytestmark = pytest.mark.proof
NAMES = [
    "Siti O'Hara",
    "Nor'ain binti Mat Isa",
    "Chandran A/L Raju",
    "Kavitha a/p Subramaniam",
    "Lim Siew Lan @ Nurul Huda",
    "José Müller-Peña",
    "Thérèse d'Almeida (Tan)",
    "Abd. Rahman bin Hj. Ismail",
    "Æsir Øystein ÿ ß",
    ("Muhammad Syed Abdul Rahman bin " * 5)[:150],
    "W" * 150,
]


def is_blank_beside_the_text(picture):
    """True when nothing runs off the paper: 18 mm on either side are white."""
    width, height = picture.size
    margin = int(width * 18 / 210) - 1
    sides = [(0, 0, margin, height), (width - margin, 0, width, height)]
    return all(picture.convert("L").crop(side).getextrema()[0] > 250 for side in sides)


def letters(text):
    return "".join(text.split())


@pytest.mark.parametrize("name", NAMES)
def test_every_letter_of_a_name_is_on_the_paper(name):
    assert FullNameField().clean(name) == " ".join(name.split())
    document = pdf.draw(stated(full_name=name))
    (page,) = PdfReader(BytesIO(document)).pages
    assert letters(name.upper()) in letters(page.extract_text())
    assert complaints(document) == []
    assert is_blank_beside_the_text(printed(document))


def test_every_letter_that_the_form_takes_has_its_glyph(caplog):
    signs = [sign for sign in map(chr, range(0x21, 0x2100)) if not sign.isspace() and takes(sign)]
    assert {"é", "'", "/", "@"} <= set(signs)
    for start in range(0, len(signs), 60):
        piece = "".join(signs[start : start + 60])
        (page,) = PdfReader(BytesIO(pdf.draw(stated(full_name=piece)))).pages
        assert piece.upper() in letters(page.extract_text())
    assert "notdef" not in caplog.text  # the empty box of a font


def takes(sign):
    """True when it stays as it is; an accent of its own melts into its letter."""
    try:
        return sign in FullNameField().clean(f"a{sign}a")
    except ValidationError:
        return False


@pytest.mark.parametrize("language", ["ms", "en"])
def test_a_phone_reads_the_code_on_the_paper(language, settings):
    settings.PORTAL_URL = "https://caruman.contoh.my"
    receipt = stated(language=language)
    assert scanned(printed(pdf.draw(receipt))) == qr.address(receipt)


@pytest.mark.parametrize("language", ["ms", "en"])
def test_each_language_is_whole(language):
    wrong = stated(number="SPS-2026-00000001", voided_at=AT)
    longest = stated(
        language=language,
        corrects=wrong,
        full_name="W" * 150,
        bank_name="BANK KERJASAMA RAKYAT MALAYSIA BERHAD (PERSENDIRIAN) CAWANGAN",
        amount=Decimal("777777.77"),
        coverage_starts_at=AT + timedelta(days=300),
    )
    document = pdf.draw(longest)
    assert "777,777.77" in text_of(document)
    assert complaints(document) == []
    assert is_blank_beside_the_text(printed(document))
    assert tags(document) >= {"Document", "H1", "H2", "P", "Table", "TR", "TH", "TD", "Figure"}
    with pikepdf.open(BytesIO(document)) as opened:
        assert str(opened.Root.Lang) == language


VOIDED = {"number": "SPS-2026-00000001", "voided_at": AT}
KINDS = {
    "Malay": {},
    "English": {"language": "en"},
    "voided": VOIDED,
    "corrected": {"corrects": stated(**VOIDED)},
    "queued": {"coverage_starts_at": AT + timedelta(days=9), "language": "en"},
    "long-named": {"full_name": "W" * 150, "coverage_starts_at": AT + timedelta(days=9)},
    "without FPX's time": {"fpx_transaction_at": None},
}


def test_each_kind_meets_both_standards_once_signed(tmp_path):
    for name, changes in KINDS.items():
        (tmp_path / name).write_bytes(pdf.write(stated(**changes)))
    verdicts = verapdf.broken(tmp_path / name for name in KINDS)
    assert verdicts == [{"PDFA-3A": [], "PDFUA-1": []}] * len(KINDS)


# The library leaves closing its own colour profile to the garbage collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_what_meets_no_standard_is_found_out(tmp_path):
    """veraPDF really looks: a page as WeasyPrint draws it unasked, and one for PDF/A alone."""
    page = HTML(string='<html lang="ms"><title>Resit</title><p>Resit</p>')
    page.write_pdf(tmp_path / "1.pdf")
    page.write_pdf(tmp_path / "2.pdf", pdf_variant="pdf/a-3a")
    neither, archival = verapdf.broken(sorted(tmp_path.iterdir()))
    assert neither["PDFA-3A"]
    assert neither["PDFUA-1"]
    assert archival == {"PDFA-3A": [], "PDFUA-1": ["5-1"]}


def test_a_drawn_receipt_is_signed_and_still_archival():
    document = pdf.draw(stated())
    signed = pdf.write(stated())
    assert signed.startswith(document)
    assert complaints(signed) == []
    assert signature_of(signed).bottom_line


@pytest.mark.parametrize("part", [0.1, 0.3, 0.5, 0.7, 0.85])
def test_one_changed_byte_breaks_it(part):
    signed = bytearray(pdf.write(stated()))
    assert holds(bytes(signed))
    signed[int(len(pdf.draw(stated())) * part)] ^= 1
    assert not holds(bytes(signed))


def holds(document):
    """False as well when it is so broken that no reader opens it."""
    try:
        return signature_of(document).bottom_line
    except Exception:
        return False


def test_it_repeats_in_another_process():
    """Of another day's order of sets and another clock's zone."""
    program = (
        "import sys, django; django.setup(); from receipts import pdf;"
        " from tests.receipts.drawn import stated; sys.stdout.buffer.write(pdf.draw(stated()))"
    )
    elsewhere = {
        "DJANGO_SETTINGS_MODULE": "perkeso.settings",
        "PYTHONHASHSEED": "7",
        "TZ": "America/New_York",
    }
    drawn = subprocess.run(
        [sys.executable, "-c", program],
        cwd=settings.BASE_DIR,
        env=os.environ | elsewhere,
        check=True,
        capture_output=True,
    ).stdout
    assert drawn == pdf.draw(stated())


def test_it_repeats_whenever_it_is_drawn():
    first = pdf.draw(stated())
    time.sleep(1.1)
    pdf.studio.cache_clear()
    assert pdf.draw(stated()) == first
