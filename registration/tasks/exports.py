"""An export is written in the background."""

from datetime import datetime, timedelta

from django.db.models import F

from foundation import outbox
from registration.export_file import write_export
from registration.models import Export


@outbox.task(limit=timedelta(minutes=15))
def make_export(pk: int, *, at: datetime) -> None:
    """Writes the file of an export, once."""
    export = Export.objects.get(pk=pk)
    if export.made_at is None:
        name = write_export(export)
        Export.objects.filter(pk=pk).update(file=name, made_at=at, rows_done=F("rows_total"))
