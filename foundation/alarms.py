"""Alarms: what an operator must look at, as rows, ERROR log lines and mails.

An alarm stays open until an officer clears it; seen again, it counts up instead of doubling.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import models, transaction
from django.db.models import F, Q

from foundation import audit

log = logging.getLogger(__name__)
MAIL_INTERVAL = timedelta(hours=1)
STILL_ON = timedelta(minutes=3)


class AlarmQuerySet(models.QuerySet["Alarm"]):
    """Filters over alarms."""

    def open(self) -> "AlarmQuerySet":
        return self.filter(cleared_at=None)

    def to_mail(self, at: datetime) -> "AlarmQuerySet":
        """Open alarms seen since they were last mailed, at most one mail an hour each."""
        unmailed = Q(mailed_at=None) | Q(
            mailed_at__lt=at - MAIL_INTERVAL, last_seen_at__gt=F("mailed_at")
        )
        return self.open().filter(unmailed)


class Alarm(models.Model):
    """One thing that is wrong, named by kind and key."""

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    detail = models.TextField(blank=True)
    seen_count = models.PositiveIntegerField(default=1)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = AlarmQuerySet.as_manager()

    class Meta:
        ordering = ["-last_seen_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"], condition=Q(cleared_at=None), name="alarm_open_once"
            ),
            models.CheckConstraint(
                condition=Q(cleared_at=None, cleared_by=None)
                | Q(cleared_at__isnull=False, cleared_by__isnull=False),
                name="alarm_cleared_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


def raise_alarm(kind: str, key: str, *, at: datetime, detail: str = "") -> Alarm:
    """Opens the alarm `kind`/`key`, or counts the open one up; `detail` holds no personal data."""
    alarm, is_new = Alarm.objects.open().get_or_create(
        kind=kind,
        key=key,
        cleared_at=None,
        defaults={"detail": detail, "first_seen_at": at, "last_seen_at": at},
    )
    if not is_new:
        Alarm.objects.filter(pk=alarm.pk).update(
            seen_count=F("seen_count") + 1, last_seen_at=at, detail=detail or alarm.detail
        )
    log.error("alarm %s %s: %s", kind, key, detail)
    return alarm


def is_on(kind: str, *, at: datetime) -> bool:
    """True while an alarm that a job raises every minute goes on being raised."""
    return Alarm.objects.open().filter(kind=kind, last_seen_at__gt=at - STILL_ON).exists()


@transaction.atomic
def clear_alarm(alarm: Alarm, *, by: models.Model, at: datetime) -> None:
    """Closes an alarm: the officer `by` has seen to it; nothing happens when another has."""
    if Alarm.objects.open().filter(pk=alarm.pk).update(cleared_at=at, cleared_by=by):
        audit.record("alarm_cleared", subject=alarm, by=by, at=at, kind=alarm.kind, key=alarm.key)


def alarm_about_trail(*, at: datetime) -> None:
    """Verifies the audit trail against its last witness, or raises an alarm naming the event.

    What it finds has two witnesses outside the database from then on: a file, and the operators.
    """
    try:
        witness = audit.verify(audit.last_witness())
    except (audit.BrokenChain, ValueError) as broken:
        raise_alarm("audit_trail_broken", "", at=at, detail=str(broken))
        return
    log.info("audit trail verified: %s", witness)
    audit.keep_witness(witness, at=at)
    if settings.OPERATORS:
        subject = f"[{settings.PORTAL_URL}] audit trail: {witness.number} events"
        command = f"manage.py verify_audit --witness {witness}"
        send_mail(
            subject,
            f"Keep this mail. To hold the trail against it:\n{command}",
            None,
            settings.OPERATORS,
        )


def mail_operators(*, at: datetime) -> int:
    """Mails the operators each alarm that is due; returns how many."""
    alarms = list(Alarm.objects.to_mail(at))
    for alarm in alarms:
        if settings.OPERATORS:
            subject = f"[{settings.PORTAL_URL}] {alarm.kind} {alarm.key}"
            send_mail(subject, alarm.detail or alarm.kind, None, settings.OPERATORS)
        Alarm.objects.filter(pk=alarm.pk).update(mailed_at=at)
    return len(alarms)
