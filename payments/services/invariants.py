"""Checks what must hold of money, receipts and cover at every moment."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from random import randrange
from typing import Any

from cryptography.exceptions import InvalidTag
from django.db import connection
from django.db.models import Max, QuerySet, TextField
from django.db.models.functions import Cast

from foundation import outbox
from foundation.alarms import Alarm, raise_alarm
from foundation.encryption import blind_index, decrypt
from payments.models import GatewayMessage
from payments.models.payments import FPX_DECISION_LIMIT
from payments.services import invariant_rules
from receipts.models import Receipt

# What the clock needs to open a case or raise an alarm by itself.
_GRACE = timedelta(minutes=15)
_MOST_SHOWN = 100
_MOST_FILES = 100
ALL_RULES = " UNION ALL ".join(
    f"(SELECT $${rule}$$, name::text FROM ({sql}) broken(name) LIMIT {_MOST_SHOWN})"  # noqa: S608
    for rule, sql in invariant_rules.RULES.items()  # ours, every word
)


@dataclass(frozen=True)
class Finding:
    """A rule and what breaks it: a reference or number, never personal data."""

    rule: str
    subject: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.subject}"


def check_invariants(*, at: datetime, most_files: int | None = None) -> list[Finding]:
    """All that breaks a rule, at most a hundred rows of each; empty when all is well.

    `most_files` bounds how many stored PDFs, and how many stored messages, are read, from a random
    one on; None reads them all.
    """
    found = check_rows(at=at)
    found += _shown("a stored PDF is the one that was drawn", _changed_files(most_files))
    found += _shown("a message is kept as it came", _changed_messages(most_files))
    return found


def check_rows(*, at: datetime) -> list[Finding]:
    """The same without the stored PDFs and messages, of which each must be opened."""
    found = _broken_rules(overdue_at=at - _GRACE - FPX_DECISION_LIMIT)
    found += _shown("an act that is late is alarmed about", _late_without_alarm(at))
    return found


def alarm_about_invariants(*, at: datetime) -> list[Finding]:
    """Checks them, a hundred stored PDFs and messages, and raises an alarm for each rule broken."""
    found = check_invariants(at=at, most_files=_MOST_FILES)
    for rule in dict.fromkeys(finding.rule for finding in found):
        subjects = [finding.subject for finding in found if finding.rule == rule]
        raise_alarm("invariant", rule[:80], at=at, detail=", ".join(subjects))
    return found


def _shown(rule: str, names: Iterable[str]) -> list[Finding]:
    return [Finding(rule, name) for name in islice(names, _MOST_SHOWN)]


def _broken_rules(**moments: datetime) -> list[Finding]:
    """Asked in one statement: every rule sees the same moment, whoever credits meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(ALL_RULES, moments)
        return [Finding(rule, name) for rule, name in cursor.fetchall()]


def _late_without_alarm(at: datetime) -> Iterator[str]:
    late = outbox.late_kinds(at=at - timedelta(minutes=1))
    alarms = Alarm.objects.open().filter(kind=outbox.LATE, key__in=late)
    alarmed = set(alarms.values_list("key", flat=True))  # nothing is asked when nothing is late
    yield from (kind for kind in late if kind not in alarmed)


def _changed_files(most: int | None) -> Iterator[str]:
    drawn = _some_of(Receipt.objects.exclude(drawn_at=None), most)
    for receipt in drawn.iterator(chunk_size=200):
        if _sha256(receipt) != receipt.sha256:
            yield receipt.number


def _changed_messages(most: int | None) -> Iterator[str]:
    """Those whose body cannot be opened, or is another than the one that was stored."""
    sealed = GatewayMessage.objects.annotate(stored=Cast("raw", TextField()))
    rows = _some_of(sealed.exclude(stored=""), most).values_list("pk", "stored", "digest")
    for pk, stored, digest in rows.iterator(chunk_size=200):
        if _digest_of(stored) != digest:
            yield f"message {pk}"


def _digest_of(stored: str) -> str | None:
    """Of a sealed body; that of none where it cannot be opened."""
    try:
        return blind_index("raw", decrypt(stored, column="payments.gatewaymessage.raw"))
    except (InvalidTag, KeyError, ValueError):  # KeyError: a key that never was
        return None


def _some_of(rows: QuerySet[Any], most: int | None) -> QuerySet[Any]:
    """So many, from a random one on."""
    rows = rows.order_by("pk")
    if most is None:
        return rows
    last = rows.aggregate(last=Max("pk"))["last"] or 0
    return rows.filter(pk__gt=randrange(last + 1) - most)[:most]  # noqa: S311 (a sample)


def _sha256(receipt: Receipt) -> str:
    """Of the stored file; empty when it is not there."""
    try:
        with receipt.file.open("rb") as document:
            return hashlib.file_digest(document, "sha256").hexdigest()
    except (OSError, ValueError):  # ValueError: it was never stored
        return ""
