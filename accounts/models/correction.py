"""The correction of a name or an IC number: one officer proposes it, another decides."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation import triggers
from foundation.encryption import EncryptedTextField
from foundation.states import StatusChange, Transitions


class CorrectionQuerySet(models.QuerySet["Correction"]):
    """Filters over corrections."""

    def proposed(self) -> "CorrectionQuerySet":
        return self.filter(status=Correction.Status.PROPOSED)

    def approved(self) -> "CorrectionQuerySet":
        return self.filter(status=Correction.Status.APPROVED)


class Correction(models.Model):
    """What a person was called before and shall be called; both stay for the record."""

    class Status(models.TextChoices):
        """Whether the second officer has decided."""

        PROPOSED = "proposed", _("Menunggu kelulusan")
        APPROVED = "approved", _("Diluluskan")
        REFUSED = "refused", _("Tidak diluluskan")

    TRANSITIONS: ClassVar[Transitions] = {
        Status.PROPOSED: {Status.APPROVED, Status.REFUSED},
        Status.APPROVED: set(),
        Status.REFUSED: set(),
    }

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="corrections")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PROPOSED)
    old_full_name = models.CharField(max_length=150)
    old_ic_number = EncryptedTextField()
    full_name = models.CharField(max_length=150)
    ic_number = EncryptedTextField()
    reason = models.CharField(max_length=200)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(status="proposed"), name="correction_proposed_once"
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_at=None, decided_by=None)
                | (
                    ~Q(status="proposed")
                    & Q(decided_at__isnull=False)
                    & Q(decided_by__isnull=False)
                ),
                name="correction_decided_pair",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="correction_two_officers",
            ),
        ]
        triggers = triggers.life_cycle()

    def __str__(self) -> str:
        return f"{self.old_full_name} → {self.full_name}"


class CorrectionStatusChange(StatusChange):
    """History of one correction."""

    correction = models.ForeignKey(Correction, models.CASCADE, related_name="status_changes")
