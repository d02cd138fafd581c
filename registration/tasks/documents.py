"""Files: read by a program of its own, scanned, and so attached, refused or removed."""

import math
import resource
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.services import limits
from foundation import audit, outbox, states
from foundation.alarms import raise_alarm
from registration import clamav, media
from registration.models import Registration, SupportingDocument
from registration.models.documents import new_file_key

File = SupportingDocument.Status
NO_FILES: dict[str, Any] = {"original": "", "file": "", "thumbnail": "", "pages": []}


@outbox.task(limit=timedelta(minutes=2), queue=outbox.FILES)
def read_document(pk: int, *, at: datetime) -> None:
    """Makes our own version of what was sent, or refuses it; one that was judged stays so."""
    document = SupportingDocument.objects.filter(pk=pk, status=File.RECEIVED).first()
    if document is None:
        return
    before = _seconds_of_readers()
    try:
        with document.original.open("rb") as original:
            reading = media.read(original)
    except media.Unacceptable as refusal:
        _refuse(document, refusal.code, at)
    else:
        keep_reading(document, reading, at=at)
    finally:
        used = math.ceil(_seconds_of_readers() - before)
        limits.spend("reading_seconds", str(document.registration.user_id), used, at=at)


def _seconds_of_readers() -> float:
    """CPU of the programs that this process has waited for; it reads one file at a time."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@transaction.atomic
def _refuse(document: SupportingDocument, code: str, at: datetime) -> None:
    original = str(document.original.name)
    states.move(document, File.REFUSED, at=at, note=code, refusal=code, original="")
    _forget(original)


def keep_reading(document: SupportingDocument, reading: media.Reading, *, at: datetime) -> None:
    """Stores our own version; with its number and expiry there, the document is attached."""
    names: list[str] = []
    kept = False
    try:
        for part in reading.parts:
            names.append(default_storage.save(new_file_key(), ContentFile(part)))
        kept = _keep(document, reading, names, at)
    finally:
        if not kept:
            for name in names:
                default_storage.delete(name)


@transaction.atomic
def _keep(
    document: SupportingDocument, reading: media.Reading, names: list[str], at: datetime
) -> bool:
    """False when a newer upload has taken the document's place meanwhile."""
    # The registration first, as whoever edits it does.
    Registration.objects.select_for_update().filter(pk=document.registration_id).first()
    row = SupportingDocument.objects.filter(pk=document.pk, status=File.RECEIVED).first()
    if row is None:
        return False
    original = str(row.original.name)
    file, thumbnail, *pages = names
    facts: dict[str, Any] = {
        "file": file,
        "thumbnail": thumbnail,
        "pages": pages,
        "media_type": reading.media_type,
        "size": sum(map(len, reading.parts)),
        "hints": list(reading.hints),
    }
    if clamav.is_on():
        states.move(row, File.QUARANTINED, at=at, **facts)
        outbox.add(scan_document, row.pk, at=at)
    else:
        states.move(row, File.READY, at=at, **facts, original="")
        _forget(original)
    if row.is_complete:
        row.attach(at=at)
    return True


@outbox.task(limit=timedelta(minutes=15), queue=outbox.FILES)
def scan_document(pk: int, *, at: datetime) -> None:
    """Asks the scanner about what was sent; raises NotYet while the scanner is silent."""
    document = SupportingDocument.objects.filter(pk=pk, status=File.QUARANTINED).first()
    if document is None:
        return
    try:
        with document.original.open("rb") as original:
            virus = clamav.find_virus(original) if clamav.is_on() else ""
    except clamav.ScannerSilent as silence:
        raise outbox.NotYet from silence
    _judge(document, virus, at)


@transaction.atomic
def _judge(document: SupportingDocument, virus: str, at: datetime) -> None:
    """Releases or removes the file, and with it the copies whose number was mended."""
    original, file = str(document.original.name), str(document.file.name)
    for row in SupportingDocument.objects.filter(file=file, status=File.QUARANTINED):
        if virus:
            states.move(row, File.INFECTED, at=at, note=virus, **NO_FILES)
        else:
            states.move(row, File.READY, at=at, original="")
    _forget(original)
    if virus:
        for name in document.shown_names:
            _forget(name)
        audit.record("document_infected", subject=document, at=at, virus=virus)
        raise_alarm("document_infected", str(document.pk), at=at, detail=virus)


def _forget(name: str) -> None:
    transaction.on_commit(partial(default_storage.delete, name), robust=True)
