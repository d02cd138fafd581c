"""An officer's export: which registrations they asked for, how far it is, and its file."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.made_file import MadeFile, MadeFileQuerySet
from registration.models.registration_queries import WAITING, RegistrationQuerySet
from registration.models.registrations import Registration

if TYPE_CHECKING:
    from accounts.models import User


class ExportQuerySet(MadeFileQuerySet["Export"]):
    """Filters over exports."""

    def for_officer(self, officer: "User") -> "ExportQuerySet":
        """Their own: the only way that pages and files fetch exports."""
        return self.filter(requested_by=officer)


class Export(MadeFile):
    """A CSV of registrations."""

    class Which(models.TextChoices):
        """The registrations to write out."""

        WAITING = "waiting", _("Yang menunggu pegawai")
        APPROVED = Registration.Status.APPROVED, _("Diluluskan")
        RETURNED = Registration.Status.RETURNED, _("Dikembalikan")
        REJECTED = Registration.Status.REJECTED, _("Ditolak")
        SUBMITTED = "all", _("Semua yang pernah dihantar")

    which = models.CharField(max_length=10, choices=Which.choices)
    shows_ic_number = models.BooleanField(help_text="Whether their role saw IC numbers whole.")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(null=True)

    objects = ExportQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.get_which_display()} {self.requested_at:%Y-%m-%d %H:%M}"

    def registrations(self) -> RegistrationQuerySet:
        """What it holds, in the order in which the rows were sent in."""
        submitted = Registration.objects.filter(submitted_at__isnull=False)
        if self.which == self.Which.WAITING:
            submitted = submitted.filter(WAITING)
        elif self.which != self.Which.SUBMITTED:
            submitted = submitted.filter(status=self.which)
        return submitted.with_paid_at().select_related("user", "decided_by").order_by("pk")
