"""What tests look for in a drawn receipt."""

from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pikepdf
import pypdfium2
from asn1crypto import pem, x509
from django.conf import settings
from pikepdf.models.metadata import decode_pdf_date
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from receipts.models import Receipt
from tests.factories import AT


def stated(**changes):
    """A receipt that lies in no database; what is drawn depends on it alone."""
    facts = {
        "public_id": UUID(int=7),
        "number": "SPS-2026-00001234",
        "code": "7K3MQ0ZT4VABCDE12345XYZ01",
        "issued_at": AT.replace(second=39),
        "language": "ms",
        "full_name": "Aminah binti Ali",
        "ic_number": "850101145523",
        "sector": "taxi",
        "plan_number": 2,
        "insured_monthly_earnings": Decimal("1550.00"),
        "months": 12,
        "amount": Decimal("232.80"),
        "coverage_starts_at": AT.replace(second=39),
        "coverage_ends_at": AT.replace(year=2027, second=39),
        "payment_reference": "261122K7F3A00047",
        "bank_name": "SBI BANK A",
        "fpx_transaction_id": "2611221000000047",
        "fpx_transaction_at": AT - timedelta(seconds=74),
    }
    return Receipt(**(facts | changes))


def text_of(document):
    """The text of its only page, spaces evened out."""
    (page,) = PdfReader(BytesIO(document)).pages
    return " ".join(page.extract_text().split())


def complaints(document):
    """What is wrong with its structure: archive, tags, language, fonts, and qpdf's own check."""
    with pikepdf.open(BytesIO(document)) as opened:
        wrong = list(opened.check_pdf_syntax())
        root, words = opened.Root, opened.open_metadata()
        demands = {
            "marked": "/MarkInfo" in root and bool(root.MarkInfo.Marked),
            "structure tree": "/StructTreeRoot" in root,
            "language": "/Lang" in root,
            "title shown": bool(root.ViewerPreferences.DisplayDocTitle),
            "output intent": [str(one.S) for one in root.OutputIntents] == ["/GTS_PDFA1"],
            "colour profile": all("/DestOutputProfile" in one for one in root.OutputIntents),
            "PDF/A-3a": (words["pdfaid:part"], words["pdfaid:conformance"]) == ("3", "A"),
            "no script": "/OpenAction" not in root and "/JavaScript" not in root.get("/Names", {}),
            "no file inside": "/AF" not in root and "/EmbeddedFiles" not in root.get("/Names", {}),
            "readable by all": not opened.is_encrypted and "/ID" in opened.trailer,
            "PDF/UA-1": words.get("pdfuaid:part") == "1",
            "pictures told": all("/Alt" in one for one in figures(opened)),
            "pictures on the paper": all(map(_is_on_a4, figures(opened))),
            "nothing untold": _drawn(opened.pages[0]) == sorted(_told(root.StructTreeRoot)),
            "one title": str(opened.docinfo.Title) == words["dc:title"],
            "one author": [str(opened.docinfo.Author)] == words["dc:creator"],
            "one maker": str(opened.docinfo.Producer) == words["pdf:Producer"],
            "one time of drawing": _moments(opened.docinfo) == _moments(words),
            "version 1.7": (opened.pdf_version, "/Version" in root) == ("1.7", False),
            "printed notes": all(map(_is_printed, _annotations(opened))),
            "bare signature": not any(map(_names_a_digest, opened.objects)),
        }
        wrong += [name for name, is_met in demands.items() if not is_met]
        for page in opened.pages:
            for font in page.Resources.Font.values():
                wrong += _font_complaints(font)
    return wrong


def _moments(facts):
    """When it was drawn and last changed, as one half of the metadata says it."""
    if "xmp:CreateDate" in facts:
        return [datetime.fromisoformat(facts[f"xmp:{one}Date"]) for one in ("Create", "Modify")]
    return [decode_pdf_date(str(facts[name])) for name in ("/CreationDate", "/ModDate")]


def _annotations(opened):
    return [note for page in opened.pages for note in page.get("/Annots", [])]


def _is_printed(note):
    """PDF/A's flags: printed, and neither invisible, hidden, unseen nor seen at times."""
    return int(note.get("/F", 0)) & 0b1_0010_0111 == 0b100


def _names_a_digest(thing):
    """What PDF/A forbids in a signature's references."""
    return isinstance(thing, pikepdf.Dictionary) and any(
        "/DigestMethod" in one for one in thing.get("/Reference", [])
    )


def _font_complaints(font):
    name = str(font.BaseFont)
    if "/ToUnicode" not in font:
        yield f"{name}: no text can be read back"
    described = font.DescendantFonts[0] if "/DescendantFonts" in font else font
    if not {"/FontFile2", "/FontFile3"} & set(described.FontDescriptor.keys()):
        yield f"{name}: not embedded"
    if name[8:] not in {"Inter", "Inter-Semi-Bold", "Poppins-Semi-Bold"}:
        yield f"{name}: not ours"


def tags(document):
    """The kinds of structure elements, such as H1, Table and Figure."""
    with pikepdf.open(BytesIO(document)) as opened:
        return {str(one.S)[1:] for one in _elements(opened)}


def figures(opened):
    """Its pictures in the structure tree."""
    return _elements(opened, "/Figure")


def sentences_in(language, document):
    """How many paragraphs are marked as being in a language."""
    with pikepdf.open(BytesIO(document)) as opened:
        told = _elements(opened, "/P")
        return sum(str(one.get("/Lang", "")) == language for one in told)


def readings(document):
    """The text as three readers put it in order, spaces evened out."""
    (page,) = PdfReader(BytesIO(document)).pages
    with pypdfium2.PdfDocument(document) as opened:
        by_pdfium = opened[0].get_textpage().get_text_range()
    texts = [page.extract_text(), page.extract_text(extraction_mode="layout"), by_pdfium]
    return [" ".join(text.split()) for text in texts]


def _drawn(page):
    """The numbers of all content that is no mere ornament, in order."""
    marked = [one for one in pikepdf.parse_content_stream(page) if str(one.operator) == "BDC"]
    return sorted(int(one.operands[1].MCID) for one in marked)


def _told(element):
    """The numbers of the content below an element of the structure tree."""
    kids = element.get("/K", pikepdf.Array())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            yield from _told(kid)
        else:
            yield int(kid)


def _is_on_a4(picture):
    """True when its box is one on the paper, in points from the foot."""
    left, bottom, right, top = map(float, picture.A.BBox)
    return 0 < left < right < 596 and 0 < bottom < top < 842


def _elements(opened, kind=""):
    """All structure elements, or those of one kind."""
    dictionaries = (one for one in opened.objects if isinstance(one, pikepdf.Dictionary))
    elements = (one for one in dictionaries if "/S" in one and "/P" in one)
    return [one for one in elements if kind in ("", str(one.S))]


def signature_of(document):
    """What a careful reader says of its only signature."""
    _kind, _headers, content = pem.unarmor(Path(settings.RECEIPT_CERTIFICATE_FILE).read_bytes())
    trusted = ValidationContext(trust_roots=[x509.Certificate.load(content)])
    (signature,) = PdfFileReader(BytesIO(document)).embedded_signatures
    return validate_pdf_signature(signature, trusted)
