"""A year's receipts and periods as a table that a spreadsheet opens."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from foundation.csv_file import write_table
from foundation.wording import local, ringgit
from receipts.models import Receipt


def write_statement(file: Any, receipts: Iterable[Receipt]) -> int:
    """Writes the table into `file`; returns how many receipts it holds."""
    head = [
        *(_("No. resit"), _("Tarikh dan masa bayaran"), _("Perkhidmatan"), _("Pelan"), _("Bulan")),
        *(_("Amaun"), _("Dilindungi dari"), _("Dilindungi hingga"), _("Bank")),
        *(_("ID transaksi FPX"), _("No. rujukan"), _("Status")),
    ]
    return write_table(file, head, (_row(receipt) for receipt in receipts))


def _row(receipt: Receipt) -> list[Any]:
    return [
        receipt.number,
        _written(receipt.issued_at),
        receipt.get_sector_display(),
        receipt.plan_number,
        receipt.months,
        ringgit(receipt.amount),
        _written(receipt.coverage_starts_at),
        _written(receipt.coverage_ends_at),
        receipt.bank_name,
        receipt.fpx_transaction_id,
        receipt.payment_reference,
        _("Tidak lagi sah") if receipt.is_void else _("Dibayar"),
    ]


def _written(at: datetime) -> str:
    """A moment in Malaysia that a spreadsheet sorts."""
    return f"{local(at):%Y-%m-%d %H:%M:%S}"
