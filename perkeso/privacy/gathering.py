"""Everything that we hold about one person, as facts and as files.

What only machines need is left out: hashes, indexes, secrets. So is the phrase, which must not lie
about in a download.
"""

import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePath
from tempfile import TemporaryFile
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import FileField, Model, QuerySet

from accounts.models import PersonalCopy, User
from contributions.models import Contribution, CoveragePeriod, Reminder
from foundation.audit import AuditEvent
from payments.models import Case, GatewayMessage, Payment, Refund
from receipts.models import Receipt
from registration.models import Registration, RegistrationStatusChange, SupportingDocument

FACTS = "maklumat.json"
# The signed message of a payment is kept as the bank's proof; its facts are columns beside it.
_LEFT_OUT = {
    "password",
    "secret_phrase",
    "secret_hash",
    "attempt",
    "sign_up_attempt",
    "request",
    "pages",
}
_MACHINES = ("_index", "_ptr")


def facts_about(user: User) -> dict[str, list[dict[str, Any]]]:
    """Every row, by what it is."""
    return {name: [_columns(row) for row in rows] for name, rows in rows_about(user).items()}


def rows_about(user: User) -> dict[str, QuerySet[Any]]:
    """Where each part of the facts is read from."""
    payments = Payment.objects.for_user(user)
    registrations = Registration.objects.for_user(user)
    return {
        "akaun": User.objects.filter(pk=user.pk),
        "persetujuan": user.consents.all(),
        "log_masuk": user.log_ins.all(),
        "peranti": user.known_devices.all(),
        "pertukaran_telefon_e_mel": user.contact_changes.all(),
        "pembetulan": user.corrections.all(),
        "kes_akaun": user.account_cases.all(),
        "pendaftaran": registrations,
        "sejarah_pendaftaran": RegistrationStatusChange.objects.filter(registration__user=user),
        "dokumen": SupportingDocument.objects.for_user(user),
        "caruman": Contribution.objects.for_user(user),
        "perlindungan": CoveragePeriod.objects.for_user(user),
        "peringatan": Reminder.objects.filter(user=user),
        "bayaran": payments,
        "kes_bayaran": Case.objects.filter(payment__in=payments),
        "bayaran_balik": Refund.objects.filter(payment__in=payments),
        "mesej_fpx": GatewayMessage.objects.filter(payment__in=payments),
        "resit": Receipt.objects.for_user(user),
        "jejak_audit": AuditEvent.objects.filter(
            subject_type=user._meta.label_lower, subject_id=str(user.pk)
        ),
    }


def _columns(row: Model) -> dict[str, Any]:
    """A row's columns in their own names; files lie beside, not in here."""
    return {
        field.name: field.value_from_object(row)
        for field in row._meta.concrete_fields
        if not (
            isinstance(field, FileField)
            or field.name in _LEFT_OUT
            or field.name.endswith(_MACHINES)
        )
    }


def files_of(user: User) -> Iterator[tuple[str, Any]]:
    """His documents and receipts, each under the name that it has in the zip."""
    for document in SupportingDocument.objects.for_user(user).exclude(file=""):
        yield f"dokumen/{document.pk}-{document.file_name}", document.file
    for receipt in Receipt.objects.for_user(user).exclude(drawn_at=None):
        yield f"resit/{receipt.file_name}", receipt.file


def write_copy(copy: PersonalCopy, *, at: datetime) -> tuple[str, int]:
    """Writes the zip into private storage; returns its name there and its bytes."""
    facts = {"dibuat_pada": at, **facts_about(copy.user)}
    with TemporaryFile() as content:
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            written = json.dumps(facts, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
            archive.writestr(FACTS, written)
            for name, file in files_of(copy.user):
                with file.open("rb") as stored:
                    archive.writestr(str(PurePath(name)), stored.read())
        return _store(copy, content), content.tell()


def _store(copy: PersonalCopy, content: IO[bytes]) -> str:
    content.seek(0)
    name = f"copies/{copy.public_id.hex}.zip"
    default_storage.delete(name)  # what a try that was killed has left
    return default_storage.save(name, File(content))
