"""Rotating the key of personal data: every encrypted column of every app, sealed anew in batches.

Put the new key first in FIELD_KEYS and leave the old one behind it; both open, the first seals.
When nothing is left under the old key it may go. Stopped half-way, it goes on where it was.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db import models, transaction
from django.db.models.functions import Cast

from foundation.encryption import BlindIndexField, EncryptedTextField, blind_index, current_version

BATCH = 500


class Altered(Exception):
    """A value says something else than its row's blind index: another's was put in its place."""


def encrypted_fields() -> Iterator[EncryptedTextField]:
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

    The rows are locked: what somebody saves meanwhile is not undone. Raises Altered, for a value
    that was put there by hand would else be sealed as ours.
    """
    index = _index_of(field)
    with transaction.atomic():
        stale = stale_rows(field).select_for_update().order_by("pk")
        rows = list(stale.values_list("pk", "stored", index or "pk")[:most])
        for pk, stored, indexed in rows:
            value = field.unseal(stored)
            if index and blind_index(field.name, value) != indexed:
                raise Altered(f"{field.model._meta.label_lower} {pk}: {field.name}")
            field.model._base_manager.filter(pk=pk).update(**{field.name: value})
    return len(rows)


def _index_of(field: EncryptedTextField) -> str:
    """The name of the column that keeps the field's blind index; empty when none does."""
    for other in field.model._meta.concrete_fields:
        if isinstance(other, BlindIndexField) and other.source == field.name:
            return other.name
    return ""
