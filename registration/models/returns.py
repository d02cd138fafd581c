"""Which documents an officer returned with a registration, and why."""

from datetime import datetime

from django.db import models
from django.db.models.functions import Coalesce

from foundation import triggers
from registration.models.choices import Reason
from registration.models.documents import SupportingDocument


class ReturnedDocument(models.Model):
    """One document of one return; who returned it, and when, stands at the change of status."""

    change = models.ForeignKey(
        "registration.RegistrationStatusChange", models.PROTECT, related_name="returned_documents"
    )
    document = models.ForeignKey(SupportingDocument, models.PROTECT, related_name="returns")
    reason = models.CharField(max_length=20, choices=Reason.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["change", "document"], name="returned_document_once"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="returned_document_reason"),
        ]
        triggers = triggers.kept()

    def __str__(self) -> str:
        return f"{self.document}: {self.get_reason_display()}"


def why_returned(at: datetime) -> Coalesce:
    """For each document of a query the reason for which it was returned at a moment, or ""."""
    rows = ReturnedDocument.objects.filter(document=models.OuterRef("pk"), change__at=at)
    return Coalesce(models.Subquery(rows.values("reason")[:1]), models.Value(""))
