"""Everything that we hold about one person, as facts and as files.

What only machines need is left out: hashes, indexes, secrets. So is the phrase, which must not lie
about in a download.
"""

import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import PurePath
from tempfile import TemporaryFile
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import CharField, FileField, Model, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext, override

from accounts.models import AccountCaseStatusChange, CorrectionStatusChange, PersonalCopy, User
from contributions.models import (
    Contribution,
    ContributionStatusChange,
    CoveragePeriod,
    PlanChoice,
    Reminder,
)
from foundation.audit import AuditEvent
from payments.models import (
    GatewayMessage,
    Payment,
    PaymentCase,
    PaymentCaseStatusChange,
    PaymentStatusChange,
    Refund,
    RefundStatusChange,
    SettlementLine,
)
from perkeso.privacy.words import in_words
from receipts.models import Receipt
from registration.models import (
    DocumentStatusChange,
    Registration,
    RegistrationStatusChange,
    ReturnedDocument,
    SupportingDocument,
)

Rows = dict[str, QuerySet[Any]]
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
    "person",  # the blind index of an IC number
}
_MACHINES = ("_index", "_ptr")


def facts_about(user: User) -> dict[str, list[dict[str, Any]]]:
    """Every row, by what it is; from where an officer acted is the officer's."""
    facts = {name: [_columns(row) for row in rows] for name, rows in rows_about(user).items()}
    for act in facts["jejak_audit"]:
        if act["by"] not in {None, user.pk}:
            del act["network"]
    return facts


def facts_in_words(user: User) -> dict[str, list[dict[str, Any]]]:
    """The same, its parts and columns named in the language in use."""
    models = {part: rows.model for part, rows in rows_about(user).items()}
    return in_words(facts_about(user), models)


def rows_about(user: User) -> Rows:
    """Where each part of the facts is read from."""
    parts = _of_account(user) | _of_registrations(user) | _of_payments(user)
    return parts | {"jejak_audit": _acts_upon(parts.values())}


def _of_account(user: User) -> Rows:
    cases, corrections = user.account_cases.all(), user.corrections.all()
    return {
        "akaun": User.objects.filter(pk=user.pk),
        "persetujuan": user.consents.all(),
        "log_masuk": user.log_ins.all(),
        "peranti": user.known_devices.all(),
        "pertukaran_telefon_e_mel": user.contact_changes.all(),
        "pembetulan": corrections,
        "sejarah_pembetulan": CorrectionStatusChange.objects.filter(correction__in=corrections),
        "kes_akaun": cases,
        "sejarah_kes_akaun": AccountCaseStatusChange.objects.filter(account_case__in=cases),
    }


def _of_registrations(user: User) -> Rows:
    registrations = Registration.objects.for_user(user)
    documents = SupportingDocument.objects.for_user(user)
    contributions = Contribution.objects.for_user(user)
    return {
        "pendaftaran": registrations,
        "sejarah_pendaftaran": RegistrationStatusChange.objects.filter(
            registration__in=registrations
        ),
        "dokumen": documents,
        "dokumen_dipulangkan": ReturnedDocument.objects.filter(document__in=documents),
        "sejarah_dokumen": DocumentStatusChange.objects.filter(document__in=documents),
        "pilihan_pelan": PlanChoice.objects.filter(registration__in=registrations),
        "caruman": contributions,
        "sejarah_caruman": ContributionStatusChange.objects.filter(contribution__in=contributions),
        "perlindungan": CoveragePeriod.objects.for_user(user),
        "peringatan": Reminder.objects.filter(user=user),
        "resit": Receipt.objects.for_user(user),
    }


def _of_payments(user: User) -> Rows:
    payments = Payment.objects.for_user(user)
    cases = PaymentCase.objects.filter(payment__in=payments)
    refunds = Refund.objects.filter(payment__in=payments)
    return {
        "bayaran": payments,
        "sejarah_bayaran": PaymentStatusChange.objects.filter(payment__in=payments),
        "mesej_fpx": GatewayMessage.objects.filter(payment__in=payments),
        "baris_penyata_bank": SettlementLine.objects.filter(payment__in=payments),
        "kes_bayaran": cases,
        "sejarah_kes_bayaran": PaymentCaseStatusChange.objects.filter(case__in=cases),
        "bayaran_balik": refunds,
        "sejarah_bayaran_balik": RefundStatusChange.objects.filter(refund__in=refunds),
    }


def _acts_upon(parts: Iterable[QuerySet[Any]]) -> QuerySet[AuditEvent]:
    """Who did what to the account or to anything that is the person's."""
    acts = Q()
    for rows in parts:
        keys = rows.order_by().annotate(key=Cast("pk", CharField())).values("key")
        acts |= Q(subject_type=rows.model._meta.label_lower, subject_id__in=keys)
    return AuditEvent.objects.filter(acts)


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
    """Their documents and receipts, each under the name that it has in the zip."""
    for document in SupportingDocument.objects.for_user(user).exclude(file=""):
        yield f"dokumen/{document.pk}-{document.file_name}", document.file
    for receipt in Receipt.objects.for_user(user).exclude(drawn_at=None):
        yield f"resit/{receipt.file_name}", receipt.file


def write_copy(copy: PersonalCopy, *, at: datetime) -> tuple[str, int]:
    """Writes the zip into private storage; returns its name there and its bytes."""
    with override(copy.user.language):
        facts = {gettext("dibuat pada"): at, **facts_in_words(copy.user)}
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
