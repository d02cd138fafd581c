"""The audit trail: who did what to whom, for acts of staff and on accounts.

The database refuses to change or delete an event, and links each at commit to the one before by a
hash over both, so that whoever changes the past with greater powers is found: `verify`. The end of
the chain has witnesses outside the database: a file each night, and a mail to the operators.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.db.models.functions import Cast

from foundation import origin, triggers
from foundation.wording import MALAYSIA

_BEGINNING = "0" * 64
_WITNESSES = "audit"
_REQUEST = re.compile(r"[0-9a-f]{16}")
# `canonical_form` writes the same fields. Only at commit can the lock that orders the chain be the
# transaction's last one.
_CHAIN = r"""
    PERFORM pg_advisory_xact_lock(hashtext('perkeso.audit'));
    SELECT hash INTO head FROM foundation_auditlink ORDER BY id DESC LIMIT 1;
    head := coalesce(head, repeat('0', 64));
    SELECT string_agg(octet_length(field) || ':' || field || E'\n', '' ORDER BY place) INTO form
        FROM unnest(ARRAY[
            head,
            NEW.id::text,
            to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
            NEW.action,
            coalesce(NEW.by_id::text, ''),
            NEW.subject_type,
            NEW.subject_id,
            NEW.detail::text,
            NEW.role,
            NEW.network,
            NEW.request_id
        ]) WITH ORDINALITY AS fields (field, place);
    INSERT INTO foundation_auditlink (event_id, prev_hash, hash)
        VALUES (NEW.id, head, encode(sha256(convert_to(form, 'UTF8')), 'hex'));
    RETURN NULL;
"""


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """Filters over events."""

    def matching(self, words: str) -> "AuditEventQuerySet":
        """Of a day ("22/11/2026"), of one request, or of officers whose name holds the words."""
        if day := _day(words):
            return self.filter(at__gte=day, at__lt=day + timedelta(days=1))
        if _REQUEST.fullmatch(words):
            return self.filter(request_id=words)
        officers = get_user_model().objects.filter(is_staff=True)
        named = models.Q(username__iexact=words) | models.Q(full_name__icontains=words)
        return self.filter(by__in=officers.filter(named).values("pk"))


def _day(words: str) -> datetime | None:
    """The beginning of a day in Malaysia, None for what is no date."""
    try:
        return datetime.strptime(words, "%d/%m/%Y").replace(tzinfo=MALAYSIA)
    except ValueError:
        return None


class AuditEvent(models.Model):
    """One act, kept for good."""

    at = models.DateTimeField(db_index=True)
    action = models.CharField(max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    detail = models.JSONField(default=dict)
    # As what `by` acted, and from where; empty where no request was answered, and in old events.
    role = models.CharField(max_length=120, blank=True, db_default="")
    network = models.CharField(max_length=50, blank=True, db_default="")
    request_id = models.CharField(max_length=32, blank=True, db_default="")

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject_type", "subject_id"])]
        triggers = [
            *triggers.kept(),
            # Its name sorts behind those of the foreign keys' triggers, which check first.
            triggers.Trigger(
                name="zz_chained",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                declare=[("head", "text"), ("form", "text")],
                func=_CHAIN,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type} {self.subject_id}"


class AuditLink(models.Model):
    """An event's place in the chain, written by the database alone; the key orders the chain."""

    event = models.OneToOneField(AuditEvent, models.PROTECT, related_name="link")
    # Two events cannot follow one.
    prev_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]
        triggers = triggers.kept()

    def __str__(self) -> str:
        return f"{self.pk} {self.hash}"


class BrokenChain(Exception):
    """The trail was changed; the text names the first event that does not fit."""


def record(
    action: str, *, subject: models.Model, at: datetime, by: Any = None, **detail: Any
) -> AuditEvent:
    """Writes one event; `by` is None when the portal acts, `detail` holds no personal data.

    A subject without a row is nobody: what was tried on an account that there is not.
    """
    here = origin.current.get()
    return AuditEvent.objects.create(
        at=at,
        action=action,
        by=by,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk or ""),
        detail=detail,
        role=_role(by),
        network=here.network,
        request_id=here.request_id,
    )


def _role(by: Any) -> str:
    """As what somebody acts: an officer's groups as they are now, for they change."""
    if by is None or not by.is_staff:
        return "driver" if by else ""
    names = list(by.groups.order_by("name").values_list("name", flat=True))
    return ",".join([*names, "superuser"] if by.is_superuser else names)


def canonical_form(event: AuditEvent, detail: str, prev_hash: str) -> str:
    """What an event's hash is taken over, as the database's trigger writes it too.

    Each field says how many bytes it has, so that no text can move from one to another. `detail` is
    the event's as the database writes it: another spelling is another hash.
    """
    fields = [
        prev_hash,
        str(event.pk),
        event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f"),
        event.action,
        str(event.by_id or ""),
        event.subject_type,
        event.subject_id,
        detail,
        event.role,
        event.network,
        event.request_id,
    ]
    return "".join(f"{len(field.encode())}:{field}\n" for field in fields)


@dataclass(frozen=True)
class Witness:
    """What somebody outside the database saw: so many events, the last with this hash."""

    number: int
    head: str

    def __str__(self) -> str:
        return f"{self.number}:{self.head}"

    @classmethod
    def read(cls, text: str) -> "Witness":
        """Of "12:0af3..."; raises ValueError for anything else."""
        number, _, head = text.strip().partition(":")
        if not re.fullmatch("[0-9a-f]{64}", head):
            raise ValueError("no witness: number:hash is wanted")
        return cls(int(number), head)


def verify(witness: Witness | None = None) -> Witness:
    """Walks the whole chain; returns how many events it has and the last one's hash.

    Raises BrokenChain, also when the end that the witness saw was cut off or written anew: that
    cannot be seen from inside.
    """
    _refuse_unreadable()
    number, head = 0, _BEGINNING
    written = Cast("event__detail", models.TextField())
    links = AuditLink.objects.select_related("event").annotate(written=written)
    for link in links.order_by("pk").iterator():
        form = canonical_form(link.event, link.written, head)
        expected = hashlib.sha256(form.encode()).hexdigest()
        if (link.prev_hash, link.hash) != (head, expected):
            raise BrokenChain(f"event {link.event_id}, link {link.pk}")
        number, head = number + 1, link.hash
        _hold_against(witness, number, head)
    _refuse_loose()
    if witness and number < witness.number:
        raise BrokenChain(f"{witness.number} events were witnessed, {number} are left")
    return Witness(number, head)


def _hold_against(witness: Witness | None, number: int, head: str) -> None:
    if witness and number == witness.number and head != witness.head:
        raise BrokenChain(f"the witness saw another event in place {number}")


def _refuse_unreadable() -> None:
    """The database knows moments that Python cannot read, such as infinity: the walk would fall."""
    years = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
    odd = AuditEvent.objects.exclude(at__range=years).order_by("pk").values_list("pk").first()
    if odd:
        raise BrokenChain(f"event {odd[0]}, at a moment that no clock shows")


def _refuse_loose() -> None:
    loose = AuditEvent.objects.filter(link=None).order_by("pk").first()
    if loose:
        raise BrokenChain(f"event {loose.pk} has no link")


def last_witness() -> Witness | None:
    """The one that was kept last beside the files of the portal; None before the first night."""
    try:
        names = default_storage.listdir(_WITNESSES)[1]
    except FileNotFoundError:
        return None
    if not names:
        return None
    with default_storage.open(f"{_WITNESSES}/{max(names)}") as kept:
        return Witness.read(kept.read().decode())


def keep_witness(witness: Witness, *, at: datetime) -> None:
    """Keeps it where who may change the database may not reach: the portal's storage of files."""
    name = f"{_WITNESSES}/{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.txt"
    default_storage.save(name, ContentFile(f"{witness}\n".encode()))
