"""The audit trail: who did what to whom, for acts of staff and on accounts."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models


class AuditEvent(models.Model):
    """One act, kept for good."""

    at = models.DateTimeField(db_index=True)
    action = models.CharField(max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject_type", "subject_id"])]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type} {self.subject_id}"


def record(
    action: str, *, subject: models.Model, at: datetime, by: Any = None, **detail: Any
) -> AuditEvent:
    """Writes one event; `by` is None when the portal acts, `detail` holds no personal data."""
    return AuditEvent.objects.create(
        at=at,
        action=action,
        by=by,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        detail=detail,
    )
