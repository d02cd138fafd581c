"""The audit trail: who did what to whom, for acts of staff and on accounts.

The database refuses to change or delete an event, and links each at commit to the one before by a
hash over both, so that whoever changes the past with greater powers is found: `verify`.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Cast

from foundation import origin

_BEGINNING = "0" * 64


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

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject_type", "subject_id"])]

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

    `detail` is the event's as the database writes it: another spelling is another hash. What an
    event does not state has no line: those from before there was a role keep their hash.
    """
    origin_of = {"role": event.role, "network": event.network, "request": event.request_id}
    lines = [
        prev_hash,
        str(event.pk),
        event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f"),
        event.action,
        str(event.by_id or ""),
        event.subject_type,
        event.subject_id,
        detail,
        *(f"{name} {value}" for name, value in origin_of.items() if value),
    ]
    return "\n".join(lines)


def verify() -> tuple[int, str]:
    """Walks the whole chain; returns how many events it has and the last one's hash.

    Raises BrokenChain. The end cut off whole cannot be seen from inside: hold the number and the
    hash against those that the log kept.
    """
    number, head = 0, _BEGINNING
    written = Cast("event__detail", models.TextField())
    links = AuditLink.objects.select_related("event").annotate(written=written)
    for link in links.order_by("pk").iterator():
        form = canonical_form(link.event, link.written, head)
        expected = hashlib.sha256(form.encode()).hexdigest()
        if (link.prev_hash, link.hash) != (head, expected):
            raise BrokenChain(f"event {link.event_id}, link {link.pk}")
        number, head = number + 1, link.hash
    loose = AuditEvent.objects.filter(link=None).order_by("pk").first()
    if loose:
        raise BrokenChain(f"event {loose.pk} has no link")
    return number, head
