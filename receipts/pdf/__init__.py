"""Draws the receipt by WeasyPrint: tagged (PDF/UA-1), archival (PDF/A-3a), the same bytes always.

The only module that imports the library; `signing` beside it signs what is drawn. Fonts and style
sheet are loaded once a process: loading them for each receipt takes half as long again and leaks.
"""

import warnings
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from foundation.addresses import absolute
from foundation.wording import local
from receipts import qr
from receipts.amount_in_words import in_words
from receipts.models import Receipt
from receipts.pdf.accessible import finish
from receipts.pdf.signing import sign

FONTS = settings.BASE_DIR / "static" / "fonts" / "receipt"
STYLE = Path(__file__).with_name("receipt.css")


class OwnFonts(URLFetcher):  # type: ignore[misc]
    """Opens the receipt's fonts and nothing else, whatever a text might ask for."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"file"}, allow_redirects=False, fail_on_errors=True)
        self.own = {path.as_uri() for path in FONTS.glob("*.ttf")}

    def fetch(self, url: str, headers: Any = None) -> Any:
        """Answers with the file; raises ValueError for any other address."""
        if url not in self.own:
            raise ValueError("a receipt opens nothing but its fonts")
        return super().fetch(url, headers)


class Page(HTML):  # type: ignore[misc]
    """A page under the receipt's style sheet alone.

    WeasyPrint's own gives every element five pseudo-elements that no receipt has, each with its
    style: a tenth of all the work.
    """

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return []


@cache
def studio() -> tuple[OwnFonts, FontConfiguration, CSS]:
    """What every receipt is drawn with; a forked process must make its own."""
    fetcher, fonts = OwnFonts(), FontConfiguration()
    style = CSS(
        string=STYLE.read_text(),
        base_url=f"{FONTS.as_uri()}/",
        url_fetcher=fetcher,
        font_config=fonts,
    )
    return fetcher, fonts, style


def write(receipt: Receipt) -> bytes:
    """The receipt as it is kept: drawn and signed."""
    return sign(draw(receipt))


def draw(receipt: Receipt) -> bytes:
    """The receipt as a PDF, in its language; not signed yet."""
    fetcher, fonts, style = studio()
    document = Page(string=page(receipt), url_fetcher=fetcher)
    with warnings.catch_warnings():
        # The library leaves closing its own colour profile to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        drawn = document.write_pdf(
            stylesheets=[style],
            font_config=fonts,
            finisher=finish,
            pdf_variant="pdf/a-3a",
            pdf_identifier=receipt.public_id.bytes,
        )
    return bytes(drawn)


def page(receipt: Receipt) -> str:
    """The receipt as the HTML that is drawn; all its text is escaped."""
    with translation.override(receipt.language):
        return render_to_string(
            "receipts/pdf.html",
            {
                "receipt": receipt,
                "language": receipt.language,
                "words": in_words(receipt.amount, receipt.language),
                "created": local(receipt.issued_at).isoformat(),
                "is_demonstration": not settings.OFFICIAL_SITE,
                "picture": qr.drawing(receipt, title=_("Kod QR untuk menyemak resit ini")),
                "ask_url": absolute("receipts:ask_code", language=receipt.language),
            },
        )
