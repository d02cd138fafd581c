"""An officer's export: which registrations they asked for, how far it is, and its file."""

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registration.models.registration_queries import WAITING, RegistrationQuerySet
from registration.models.registrations import Registration

if TYPE_CHECKING:
    from accounts.models import User

# For so long the link to an officer's export lives.
EXPORT_LIFE = timedelta(hours=24)


class ExportQuerySet(models.QuerySet["Export"]):
    """Filters over exports."""

    def for_officer(self, officer: "User") -> "ExportQuerySet":
        """Their own: the only way that pages and files fetch exports."""
        return self.filter(requested_by=officer)

    def ended(self, at: datetime) -> "ExportQuerySet":
        """Those whose link is dead and whose file still lies there."""
        return self.filter(made_at__lte=at - EXPORT_LIFE).exclude(file="")


class Export(models.Model):
    """A CSV of registrations, made by the worker; its link lives for a day."""

    class Which(models.TextChoices):
        """The registrations to write out."""

        WAITING = "waiting", _("Yang menunggu pegawai")
        APPROVED = Registration.Status.APPROVED, _("Diluluskan")
        RETURNED = Registration.Status.RETURNED, _("Dikembalikan")
        REJECTED = Registration.Status.REJECTED, _("Ditolak")
        SUBMITTED = "all", _("Semua yang pernah dihantar")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    which = models.CharField(max_length=10, choices=Which.choices)
    shows_ic_number = models.BooleanField(help_text="Whether their role saw IC numbers whole.")
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(null=True)
    file = models.FileField(max_length=120, blank=True)
    made_at = models.DateTimeField(null=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(file="") | Q(made_at__isnull=False), name="export_file_is_made"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_which_display()} {self.requested_at:%Y-%m-%d %H:%M}"

    @property
    def ends_at(self) -> datetime | None:
        """When the link dies; None while the file is being made."""
        return self.made_at and self.made_at + EXPORT_LIFE

    def is_open(self, at: datetime) -> bool:
        """True while its file may be fetched."""
        return self.ends_at is not None and at < self.ends_at and bool(self.file)

    def registrations(self) -> RegistrationQuerySet:
        """What it holds, in the order in which the rows were sent in."""
        submitted = Registration.objects.filter(submitted_at__isnull=False)
        if self.which == self.Which.WAITING:
            submitted = submitted.filter(WAITING)
        elif self.which != self.Which.SUBMITTED:
            submitted = submitted.filter(status=self.which)
        return submitted.select_related("user", "decided_by").order_by("pk")
