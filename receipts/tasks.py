"""What receipts do after a commit: draw the PDF once, mail it, text that it is there."""

import hashlib
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.module_loading import import_string

from accounts import sms
from foundation import mail, outbox
from foundation.addresses import absolute
from receipts import calendar, qr
from receipts.models import Receipt, receipt_path

# By name: WeasyPrint costs a process 27 MB and a second to load, and only the worker draws.
_WRITE = "receipts.pdf.write"


@outbox.task(limit=timedelta(minutes=5))
def draw_receipt(pk: int, *, at: datetime) -> None:
    """Stores the drawn and signed PDF with its SHA-256; one that is stored stays for good."""
    receipt = Receipt.objects.undrawn().filter(pk=pk).first()
    if receipt is not None:
        _keep(pk, import_string(_WRITE)(receipt), at)


@transaction.atomic
def _keep(pk: int, document: bytes, at: datetime) -> None:
    """Stores the PDF unless another worker was quicker: no two signatures are the same bytes."""
    receipt = Receipt.objects.undrawn().select_for_update(of=("self",)).filter(pk=pk).first()
    if receipt is None:
        return
    receipt.file.name = _store(receipt, document)
    receipt.sha256, receipt.drawn_at = hashlib.sha256(document).hexdigest(), at
    receipt.save(update_fields=["file", "sha256", "drawn_at"])


def _store(receipt: Receipt, document: bytes) -> str:
    """Where the PDF lies; a file there is left from a worker that died before it said so."""
    storage, path = receipt.file.storage, receipt_path(receipt, "")
    if storage.exists(path):
        storage.delete(path)
    return str(storage.save(path, ContentFile(document)))


@outbox.task(limit=timedelta(minutes=15))
def send_receipt(pk: int, *, at: datetime) -> None:
    """Mails the receipt with its PDF, once it is drawn; raises NotYet until then."""
    receipt = Receipt.objects.select_related("user").get(pk=pk)
    if receipt.mailed_at is not None or not receipt.user.email:
        return
    if not receipt.is_drawn:
        raise outbox.NotYet
    with receipt.file.open("rb") as document:
        attachments = [(receipt.file_name, document.read(), "application/pdf")]
    attachments.append((calendar.FILE_NAME, calendar.write(receipt), "text/calendar"))
    language = receipt.user.language
    url = absolute("receipts:receipt", receipt.public_id, language=language)
    mail.send(
        receipt.user.email,
        "receipts/mail/receipt",
        {"receipt": receipt, "url": url, "check_url": qr.address(receipt)},
        language=language,
        attachments=attachments,
    )
    Receipt.objects.filter(pk=pk).update(mailed_at=at)


@outbox.task(limit=timedelta(minutes=2))
def send_receipt_sms(pk: int, *, at: datetime) -> None:
    """Texts what was paid and from when to when it covers."""
    receipt = Receipt.objects.select_related("user").get(pk=pk)
    if receipt.user.phone:
        sms.send_template(
            receipt.user, "receipts/sms/paid", {"receipt": receipt}, reference=receipt.number
        )
