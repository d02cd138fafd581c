"""What a receipt costs: drawn, signed, kept in memory, and waited for."""

import time
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from statistics import quantiles

from django.conf import settings
from django.utils import timezone
from weasyprint import CSS, HTML

from development.bench.callbacks import started
from development.bench.timing import compared, cpu_ms
from development.exchange import answer
from foundation.outbox import OutboxRow
from payments.models import Payment
from receipts import pdf
from receipts.models import Receipt
from receipts.pdf import signing
from receipts.tasks import draw_receipt

DRAWN = 40
DRAWN_FOR_MEMORY = (200, 2000)
PAID, A_SECOND = 60, 2
_GIVEN_UP_AFTER, _LEFT_AFTER = 120, 300  # seconds


def measure() -> Iterator[str]:
    """The lines about receipts, as they are known; first the worker ends what came before."""
    payments = started(range(5000, 5000 + PAID))
    yield _caught_up()
    yield from _drawing()
    yield from _pending(payments)
    yield from _memory()


def _caught_up() -> str:
    """Waits until nothing is left to draw and send of the payments that were measured before."""
    pending = OutboxRow.objects.pending()
    left, began = pending.filter(kind=draw_receipt.kind).count(), time.perf_counter()
    while pending.exists() and time.perf_counter() - began < _LEFT_AFTER:
        time.sleep(0.5)
    seconds = time.perf_counter() - began
    return f"receipts caught up     {left} of before drawn, mailed and texted in {seconds:.0f} s"


def _drawing() -> Iterator[str]:
    """A receipt drawn beside a bare WeasyPrint render of the same HTML; and signed."""
    receipt = Receipt.objects.first()
    assert receipt
    document = pdf.draw(receipt)
    signing.sign(document)
    html, style = pdf.page(receipt), pdf.STYLE.read_text()
    drawn = cpu_ms(lambda: pdf.draw(receipt), DRAWN)
    yield compared(
        "receipt drawn", drawn, "bare WeasyPrint", cpu_ms(lambda: _bare(html, style), DRAWN)
    )
    signed = cpu_ms(lambda: signing.sign(document), DRAWN)
    yield f"receipt signed         {signed:.2f} ms CPU each, {len(document):,} bytes before"
    both = drawn + signed
    yield f"receipts a worker      {1000 / both:.1f} /s on a core of its own"


def _bare(html: str, style: str) -> None:
    base = f"{pdf.FONTS.as_uri()}/"
    HTML(string=html).write_pdf(stylesheets=[CSS(string=style, base_url=base)])


def _memory() -> Iterator[str]:
    """How much a process holds after some receipts, and after many."""
    receipt = Receipt.objects.first()
    assert receipt
    few, many = DRAWN_FOR_MEMORY
    pdf.write(receipt)
    at_first = _resident_mb()
    after_few = _resident_mb_after(receipt, few - 1)
    after_many = _resident_mb_after(receipt, many - few)
    yield (
        f"memory of drawing      {at_first:.0f} MB after the first, {after_few:.0f} MB after {few},"
        f" {after_many:.0f} MB after {many} receipts: {after_many - after_few:+.1f} MB"
    )


def _resident_mb_after(receipt: Receipt, count: int) -> float:
    for _number in range(count):
        pdf.write(receipt)
    return _resident_mb()


def _resident_mb() -> float:
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def _pending(payments: list[Payment]) -> Iterator[str]:
    """From the bank's word to a PDF that can be downloaded, two payments a second."""
    credited: dict[str, float] = {}
    waited: dict[str, float] = {}
    began = time.perf_counter()
    while len(waited) < len(payments) and time.perf_counter() - began < _GIVEN_UP_AFTER:
        turn = int((time.perf_counter() - began) * A_SECOND)
        for payment in payments[len(credited) : turn + 1]:
            _credit(payment)
            credited[payment.reference] = time.perf_counter()
        for reference in _drawn(set(credited) - set(waited)):
            waited[reference] = time.perf_counter() - credited[reference]
        time.sleep(0.02)
    parts = quantiles(waited.values(), n=20)
    yield (
        f"credit to PDF          p50 {parts[9]:.2f} s, p95 {parts[18]:.2f} s"
        f" at {A_SECOND} payments a second, {len(waited)} of {len(payments)} drawn"
    )


def _credit(payment: Payment) -> None:
    connection = HTTPConnection("127.0.0.1", settings.PORT, timeout=30)
    body = answer(payment, "00", at=timezone.now() - timedelta(seconds=5)).decode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/bayaran/fpx/langsung/", body, headers)
    assert connection.getresponse().status == 200
    connection.close()


def _drawn(references: set[str]) -> list[str]:
    rows = Receipt.objects.filter(payment_reference__in=references, drawn_at__isnull=False)
    return list(rows.values_list("payment_reference", flat=True))
