"""Writes the CSV of an export; personal data stands in it as the officer's role sees it."""

import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from io import TextIOWrapper
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from foundation.csv_file import write_table
from foundation.wording import formatted_ic, local, masked_ic, masked_phone
from registration.models import Export, Registration

CHUNK = 1000
Fact = Callable[[Registration], Any]


def write_export(export: Export) -> str:
    """Writes the file into private storage and returns its name; progress is kept on the row."""
    total = export.registrations().count()
    Export.objects.filter(pk=export.pk).update(rows_total=total, rows_done=0)
    with tempfile.TemporaryFile() as content:
        text = TextIOWrapper(content, encoding="utf-8", newline="", write_through=True)
        write_table(text, columns(export), _rows(export))
        return _store(export, content)


def columns(export: Export) -> dict[str, Fact]:
    """The title of each column and what it tells of a registration."""
    written_ic = formatted_ic if export.shows_ic_number else masked_ic
    return {
        _("Nama"): lambda row: row.user.full_name,
        _("No. kad pengenalan"): lambda row: written_ic(row.user.ic_number or ""),
        _("Telefon"): lambda row: masked_phone(row.user.phone),
        _("Jenis perkhidmatan"): lambda row: row.get_sector_display(),
        _("Kawasan"): lambda row: row.get_region_display(),
        _("No. pendaftaran kenderaan"): lambda row: row.vehicle_number,
        _("Status"): lambda row: row.get_status_display(),
        _("Dihantar"): lambda row: _written(row.submitted_at),
        _("Dibayar"): lambda row: _written(row.paid_at),
        _("Diputuskan"): lambda row: _written(row.decided_at),
        _("Diputuskan oleh"): lambda row: row.decided_by,
        _("Sebab"): lambda row: row.get_reason_display(),
    }


def _rows(export: Export) -> Iterator[list[Any]]:
    facts = list(columns(export).values())
    found = export.registrations().iterator(chunk_size=CHUNK)
    for number, registration in enumerate(found, start=1):
        if number % CHUNK == 0:
            Export.objects.filter(pk=export.pk).update(rows_done=number)
        yield [fact(registration) for fact in facts]


def _written(at: datetime | None) -> str:
    """A moment in Malaysia that a spreadsheet sorts."""
    return f"{local(at):%Y-%m-%d %H:%M:%S}" if at else ""


def _store(export: Export, content: IO[bytes]) -> str:
    content.seek(0)
    name = f"exports/{export.public_id.hex}.csv"
    default_storage.delete(name)  # what a try that was killed has left
    return default_storage.save(name, File(content))
