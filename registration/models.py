"""The registration, its supporting documents, and the dated document rules."""

import uuid
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from perkeso.states import StatusChange, Transitions

if TYPE_CHECKING:
    from accounts.models import User


class Sector(models.TextChoices):
    """The self-employment activity; each is registered and paid for by itself (Act 789, s. 11)."""

    TAXI = "taxi", _("Teksi")
    E_HAILING = "e_hailing", _("E-hailing")
    BUS = "bus", _("Bas")


class Region(models.TextChoices):
    """Where the driver works; it decides which second document counts."""

    PENINSULAR = "peninsular", _("Semenanjung Malaysia")
    SABAH = "sabah", _("Sabah")
    SARAWAK = "sarawak", _("Sarawak")
    LABUAN = "labuan", _("Labuan")


class RegistrationQuerySet(models.QuerySet["Registration"]):
    """Filters over registrations."""

    def for_user(self, user: "User") -> "RegistrationQuerySet":
        """His own: the only way that pages fetch registrations."""
        return self.filter(user=user)

    def unrejected(self) -> "RegistrationQuerySet":
        """All but the rejected ones."""
        return self.exclude(status=Registration.Status.REJECTED)

    def current(self) -> "Registration | None":
        """The one that the driver chose last, which the pages work on."""
        return self.unrejected().order_by("-chosen_at").first()

    def awaiting_review(self) -> "RegistrationQuerySet":
        """What an officer must look at, oldest first: paid submissions, and referred ones."""
        waiting = Q(status=Registration.Status.SUBMITTED, queued_at__isnull=False)
        return self.filter(waiting | Q(status=Registration.Status.REFERRED)).order_by(
            Coalesce("queued_at", "submitted_at")
        )


class Registration(models.Model):
    """The application to be insured in one sector, and its record."""

    class Status(models.TextChoices):
        """Whose turn it is."""

        DRAFT = "draft", _("Draf")
        REFERRED = "referred", _("Dirujuk kepada pegawai")
        SUBMITTED = "submitted", _("Dihantar")
        RETURNED = "returned", _("Perlu tindakan anda")
        APPROVED = "approved", _("Diluluskan")
        REJECTED = "rejected", _("Ditolak")

    TRANSITIONS: ClassVar[Transitions] = {
        Status.DRAFT: {Status.SUBMITTED, Status.REFERRED},
        Status.REFERRED: {Status.SUBMITTED, Status.REJECTED},
        Status.SUBMITTED: {Status.DRAFT, Status.APPROVED, Status.RETURNED, Status.REJECTED},
        Status.RETURNED: {Status.SUBMITTED, Status.REFERRED},
        Status.APPROVED: {Status.SUBMITTED, Status.REFERRED},
        Status.REJECTED: set(),
    }

    class Citizenship(models.TextChoices):
        """Who may be insured at all: citizens and permanent residents."""

        CITIZEN = "citizen", _("Warganegara")
        PERMANENT_RESIDENT = "permanent_resident", _("Pemastautin tetap")
        OTHER = "other", _("Lain-lain")

    class Reason(models.TextChoices):
        """Why an officer returned or rejected, as the applicant reads it."""

        BLURRED = "blurred", _("Gambar kabur atau tidak dapat dibaca")
        CROPPED = "cropped", _("Sebahagian dokumen tidak kelihatan")
        EXPIRED = "expired", _("Dokumen telah tamat tempoh")
        MISMATCH = "mismatch", _("Nama atau nombor kad pengenalan tidak sepadan")
        WRONG_DOCUMENT = "wrong_document", _("Dokumen yang salah dimuat naik")
        OTHER = "other", _("Sebab lain")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="registrations")
    sector = models.CharField(max_length=12, choices=Sector.choices)
    region = models.CharField(max_length=12, choices=Region.choices)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT)

    citizenship = models.CharField(max_length=20, choices=Citizenship.choices, blank=True)
    address_line_1 = models.CharField(max_length=100, blank=True)
    address_line_2 = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=5, blank=True)
    town = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=20, blank=True)
    operator_name = models.CharField(max_length=100, blank=True)
    vehicle_number = models.CharField(max_length=15, blank=True)

    created_at = models.DateTimeField()
    chosen_at = models.DateTimeField(help_text="When the driver last began to work on it.")
    confirmed_at = models.DateTimeField(
        null=True, blank=True, help_text="When he last said, at renewal, that it is still right."
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    queued_at = models.DateTimeField(null=True, blank=True, help_text="Paid, so awaiting review.")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    reason_note = models.TextField(blank=True)
    allowed_for = models.CharField(
        max_length=120,
        blank=True,
        help_text="Region and kinds of document that an officer allowed; no other are.",
    )

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "sector"],
                condition=~Q(status="rejected"),
                name="registration_open_once_per_sector",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(submitted_at__isnull=False),
                name="registration_submitted_at_unless_draft",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="registration_decided_pair",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["returned", "rejected"]) | ~Q(reason=""),
                name="registration_reason_when_refused",
            ),
        ]
        indexes = [
            models.Index(
                fields=["queued_at"], condition=Q(status="submitted"), name="registration_queue"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_sector_display()} · {self.get_status_display()}"

    @property
    def is_editable(self) -> bool:
        """True while the driver may change particulars and documents."""
        unpaid = self.status == self.Status.SUBMITTED and self.queued_at is None
        return unpaid or self.status in {
            self.Status.DRAFT,
            self.Status.RETURNED,
            self.Status.APPROVED,
        }

    @property
    def may_pay(self) -> bool:
        """True when a new contribution may be paid."""
        return self.status in {self.Status.SUBMITTED, self.Status.APPROVED}


class RegistrationStatusChange(StatusChange):
    """History of one registration."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="status_changes")


class DocumentKind(models.TextChoices):
    """The kinds of supporting document that the scheme knows."""

    DRIVING_LICENCE = "lesen", _("Lesen memandu")
    PSV_CARD = "psv", _("Kad PSV")
    DRIVER_CARD = "kad-pemandu", _("Kad Pemandu")
    AUTHORISATION_LETTER = "surat-kebenaran", _("Surat kebenaran")
    DRIVER_PROFILE = "profil-pemandu", _("Profil Pemandu")


class DocumentQuerySet(models.QuerySet["SupportingDocument"]):
    """Filters over supporting documents."""

    def for_user(self, user: "User") -> "DocumentQuerySet":
        """His own: the only way that pages and files fetch documents."""
        return self.filter(registration__user=user)

    def live(self) -> "DocumentQuerySet":
        """Those that no newer upload has superseded."""
        return self.filter(superseded_at=None)


def document_path(document: "SupportingDocument", original_name: str) -> str:
    """Where the file lies: random, so that a path tells nothing and never collides."""
    return f"documents/{document.public_id.hex[:2]}/{document.public_id.hex}"


class SupportingDocument(models.Model):
    """One uploaded file of one kind, with its number and expiry; never overwritten."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=20, choices=DocumentKind.choices)
    number = models.CharField(max_length=40)
    expiry_date = models.DateField()
    file = models.FileField(upload_to=document_path, max_length=120)
    original_name = models.CharField(max_length=100)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField(help_text="Bytes.")
    uploaded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["uploaded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "kind"],
                condition=Q(superseded_at=None),
                name="document_live_once_per_kind",
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    def is_valid_on(self, day: date) -> bool:
        """True through the end of its expiry day in Malaysia."""
        return self.expiry_date >= day


class DocumentRule(models.Model):
    """From when to when a kind of document counts in a sector and region, and how far.

    The driving licence is needed by all and has no row. Staff edit the dates: the guide's cut-off
    of Profil Pemandu on 11 July 2019 is one row's `valid_to`.
    """

    class Outcome(models.TextChoices):
        """What such a document does."""

        ACCEPT = "accept", _("Diterima")
        REFER = "refer", _("Dirujuk kepada pegawai")

    sector = models.CharField(max_length=12, choices=Sector.choices)
    region = models.CharField(max_length=12, choices=Region.choices)
    kind = models.CharField(max_length=20, choices=DocumentKind.choices)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.ACCEPT)
    valid_from = models.DateField(default=date(2017, 6, 1))
    valid_to = models.DateField(null=True, blank=True, help_text="The last day that it counts.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sector", "region", "kind", "valid_from"], name="document_rule_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_sector_display()} · {self.get_region_display()} · {self.kind}"
