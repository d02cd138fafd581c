"""Rotating the key of personal data: every encrypted column of every app, sealed anew in batches.

Put the new key first in FIELD_KEYS and leave the old one behind it; both open, the first seals.
When nothing is left under the old key it may go. Stopped half-way, it goes on where it was.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db import models, transaction
from django.db.models.functions import Cast

from perkeso.encryption import EncryptedTextField, current_version

BATCH = 500


def encrypted_fields() -> Iterator[EncryptedTextField]:
    """Every encrypted column there is."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                yield field


def stale_rows(field: EncryptedTextField) -> models.QuerySet[models.Model]:
    """The rows whose value is sealed under another key than the current; `stored` is as it lies."""
    rows = field.model._base_manager.annotate(stored=Cast(field.name, models.TextField()))
    return rows.filter(stored__gt="").exclude(stored__startswith=f"{current_version()}:")


def reseal_batch(field: EncryptedTextField, *, most: int = BATCH) -> int:
    """Seals so many stale rows under the current key, in one transaction; returns how many.

    The rows are locked: what somebody saves meanwhile is not undone.
    """
    with transaction.atomic():
        stale = stale_rows(field).select_for_update().order_by("pk")
        rows = list(stale.values_list("pk", "stored")[:most])
        for pk, stored in rows:
            row = field.model._base_manager.filter(pk=pk)
            row.update(**{field.name: field.unseal(stored)})
    return len(rows)
