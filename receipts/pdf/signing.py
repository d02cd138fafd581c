"""Signs a receipt's PDF (PAdES, baseline B), so that any reader shows when a byte was changed.

The only module that imports pyHanko. The signature certifies the document and permits no later
change; it is invisible, for the page itself must stay as it was drawn.
"""

from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

from django.conf import settings
from pyhanko.pdf_utils.extensions import DeveloperExtension
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter

_FIELD = "Tandatangan"


class ArchivalWriter(IncrementalPdfFileWriter):
    """Adds the signature and leaves the rest as PDF/A-3 needs it.

    pyHanko would call the file PDF 2.0, which PDF/A-3 is not, for the curve of the key, and write
    itself and the time into the metadata so that its two halves no longer agree.
    """

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        """Stays at the version that was drawn."""

    def register_extension(self, ext: DeveloperExtension) -> None:
        """Notes what extends that version: PAdES does, what extends PDF 2.0 does not."""
        if ext.base_version != "/2.0":
            super().register_extension(ext)

    def _update_meta(self) -> None:
        """Leaves the metadata alone; when it was signed stands in the signature."""


@cache
def _signer() -> SimpleSigner:
    """The portal's key with its certificate; raises OSError when settings name no such files."""
    for file in (settings.RECEIPT_KEY_FILE, settings.RECEIPT_CERTIFICATE_FILE):
        Path(file).read_bytes()  # pyHanko only logs that a file is not there
    load: Callable[..., SimpleSigner | None] = SimpleSigner.load  # it has no types
    signer = load(settings.RECEIPT_KEY_FILE, settings.RECEIPT_CERTIFICATE_FILE)
    assert isinstance(signer, SimpleSigner), "the receipt's key and certificate cannot be read"
    return signer


@cache
def _room() -> int:
    """Hexadecimal digits kept free for a signature: its certificates, and 2 KB for all else.

    Left to itself, pyHanko signs each document twice, the first time only to learn this.
    """
    signer = _signer()
    certificates = {signer.signing_cert, *signer.cert_registry}
    return 2 * (2048 + sum(len(one.dump()) for one in certificates if one))


def sign(document: bytes) -> bytes:
    """The document with a signature appended; what was there stays byte for byte."""
    metadata = PdfSignatureMetadata(
        field_name=_FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    signed = sign_pdf(
        ArchivalWriter(BytesIO(document)), metadata, _signer(), bytes_reserved=_room()
    )
    return bytes(signed.getvalue())
