"""Supporting documents, the uploads that wait for their particulars, and the dated rules."""

import uuid
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registration import eligibility
from registration.models.choices import Region, Sector

if TYPE_CHECKING:
    from accounts.models import User


class DocumentKind(models.TextChoices):
    """The kinds of supporting document that the scheme knows."""

    DRIVING_LICENCE = eligibility.LICENCE, _("Lesen memandu")
    PSV_CARD = eligibility.PSV_CARD, _("Kad PSV")
    DRIVER_CARD = eligibility.DRIVER_CARD, _("Kad Pemandu")
    AUTHORISATION_LETTER = eligibility.AUTHORISATION_LETTER, _("Surat kebenaran")
    DRIVER_PROFILE = eligibility.DRIVER_PROFILE, _("Profil Pemandu")


class StoredFile(models.Model):
    """A file in private storage under a random key, with what decoding it told."""

    file = models.FileField(max_length=120)
    original_name = models.CharField(max_length=100)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField(help_text="Bytes.")
    uploaded_at = models.DateTimeField()

    class Meta:
        abstract = True


def new_file_key() -> str:
    """Where a file will lie: random, so that a path tells nothing and never collides."""
    key = uuid.uuid4().hex
    return f"documents/{key[:2]}/{key}"


class DocumentQuerySet(models.QuerySet["SupportingDocument"]):
    """Filters over supporting documents."""

    def for_user(self, user: "User") -> "DocumentQuerySet":
        """His own: the only way that pages and files fetch documents."""
        return self.filter(registration__user=user)

    def live(self) -> "DocumentQuerySet":
        """Those that no newer upload has superseded."""
        return self.filter(superseded_at=None)


class SupportingDocument(StoredFile):
    """One uploaded file of one kind, with its number and expiry; never overwritten."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    registration = models.ForeignKey(
        "registration.Registration", models.CASCADE, related_name="documents"
    )
    kind = models.CharField(max_length=20, choices=DocumentKind.choices)
    number = models.CharField(max_length=40)
    expiry_date = models.DateField()
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
        return self.as_fact().is_valid_on(day)

    def as_fact(self) -> eligibility.Document:
        """The document as the rules see it."""
        return eligibility.Document(self.kind, self.expiry_date)


class DocumentUpload(StoredFile):
    """An accepted file that waits for its number and expiry, so that neither need be sent twice."""

    registration = models.ForeignKey(
        "registration.Registration", models.CASCADE, related_name="uploads"
    )
    kind = models.CharField(max_length=20, choices=DocumentKind.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registration", "kind"], name="upload_once_per_kind")
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class DocumentRuleQuerySet(models.QuerySet["DocumentRule"]):
    """Filters over rules."""

    def as_rules(self) -> tuple[eligibility.Rule, ...]:
        """All of them as the values that the eligibility rules take."""
        return tuple(rule.as_rule() for rule in self.order_by("pk"))


class DocumentRule(models.Model):
    """From when to when a kind of document counts in a sector and region, and how far.

    The driving licence is needed by all and has no row. Staff edit the dates: the guide's cut-off
    of Profil Pemandu on 11 July 2019 is one row's `valid_to`.
    """

    class Outcome(models.TextChoices):
        """What such a document does."""

        ACCEPT = "accept", _("Diterima")
        REFER = "refer", _("Dirujuk kepada pegawai")

    sector = models.CharField(_("jenis perkhidmatan"), max_length=12, choices=Sector.choices)
    region = models.CharField(_("kawasan"), max_length=12, choices=Region.choices)
    kind = models.CharField(_("dokumen"), max_length=20, choices=DocumentKind.choices)
    outcome = models.CharField(
        _("kesan"), max_length=8, choices=Outcome.choices, default=Outcome.ACCEPT
    )
    valid_from = models.DateField(_("sah dari"), default=date(2017, 6, 1))
    valid_to = models.DateField(
        _("sah hingga"), null=True, blank=True, help_text=_("Hari terakhir; kosong jika tiada.")
    )
    minimum_age = models.PositiveSmallIntegerField(
        _("umur minimum"), null=True, blank=True, help_text=_("Syarat kad itu, bukan skim.")
    )

    objects = DocumentRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("peraturan dokumen")
        verbose_name_plural = _("peraturan dokumen")
        constraints = [
            models.UniqueConstraint(
                fields=["sector", "region", "kind", "valid_from"], name="document_rule_once"
            )
        ]

    def __str__(self) -> str:
        return (
            f"{self.get_sector_display()} · {self.get_region_display()} · {self.get_kind_display()}"
        )

    def as_rule(self) -> eligibility.Rule:
        """The row as a value."""
        return eligibility.Rule(
            sector=self.sector,
            region=self.region,
            kind=self.kind,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            refers=self.outcome == self.Outcome.REFER,
            minimum_age=self.minimum_age,
        )
