"""What a phone's camera reads: from a receipt on paper, from a card on a screen."""

from io import BytesIO

import pypdfium2
import zxingcpp
from PIL import Image


def printed(document):
    """The only page of a PDF as a picture, at 144 dots an inch."""
    with pypdfium2.PdfDocument(document) as opened:
        (page,) = opened
        return page.render(scale=2).to_pil()


def shown(screenshot):
    """A browser's screenshot as a picture."""
    return Image.open(BytesIO(screenshot)).convert("RGB")


def scanned(picture):
    """What the only QR code on the picture says."""
    (code,) = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    return code.text
