"""The QR picture that leads to the page where anyone checks a receipt."""

import segno

from foundation.addresses import absolute
from receipts.models import Receipt


def address(receipt: Receipt) -> str:
    """Where a scanned code leads: in Malay, whoever scans it."""
    return absolute("receipts:verify", receipt.code)


def drawing(receipt: Receipt, *, title: str) -> str:
    """The picture as an SVG element that is called `title`."""
    return _made(receipt).svg_inline(title=title, border=0, omitsize=True)


def data_uri(receipt: Receipt) -> str:
    """The picture as the source of an image on a page."""
    return _made(receipt).svg_data_uri(border=2, omitsize=True)


def _made(receipt: Receipt) -> segno.QRCode:
    return segno.make(address(receipt), error="m", micro=False)
