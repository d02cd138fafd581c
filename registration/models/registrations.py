"""The registration: one application to be insured in one sector, its life cycle and its facts."""

import uuid
from datetime import date, datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.ic_number import IcNumber, read_ic_number
from foundation import triggers
from foundation.states import StatusChange, Transitions
from foundation.wording import local
from registration import eligibility
from registration.documents import Assessment, Step, assess
from registration.models.choices import Reason, Region, Sector, State
from registration.models.documents import SupportingDocument
from registration.models.registration_queries import (
    PAYABLE,
    PLATE,
    WAITING,
    WAITS_FROM,
    RegistrationQuerySet,
)
from registration.models.returns import why_returned
from registration.models.rules import DocumentRule
from registration.next_action import FIRST_TIME, Action, Facts, Owed, next_action
from registration.stage import EDITABLE, PAID_TO_SEND, TAGS, WITH_OFFICER, Stage, Tag, stage_of


class Registration(models.Model):
    """The application to be insured in one sector, and its record."""

    class Status(models.TextChoices):
        """Whose turn it is."""

        DRAFT = "draft", _("Draf")
        REFERRED = "referred", _("Dirujuk kepada pegawai")
        SUBMITTED = "submitted", _("Dihantar")
        RETURNED = "returned", _("Dikembalikan")
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
    Reason = Reason
    PARTICULARS = (
        "citizenship",
        "address_line_1",
        "address_line_2",
        "postcode",
        "town",
        "state",
        "operator_name",
        "vehicle_number",
    )

    class Citizenship(models.TextChoices):
        """Who may be insured at all: citizens and permanent residents."""

        CITIZEN = "citizen", _("Warganegara")
        PERMANENT_RESIDENT = eligibility.PERMANENT_RESIDENT, _("Pemastautin tetap")
        OTHER = eligibility.NEITHER, _("Lain-lain")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="registrations")
    sector = models.CharField(_("jenis perkhidmatan"), max_length=12, choices=Sector.choices)
    region = models.CharField(_("kawasan"), max_length=12, choices=Region.choices)
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.DRAFT
    )

    citizenship = models.CharField(max_length=20, choices=Citizenship.choices, blank=True)
    address_line_1 = models.CharField(max_length=100, blank=True)
    address_line_2 = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=5, blank=True)
    town = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=20, choices=State.choices, blank=True)
    operator_name = models.CharField(max_length=100, blank=True)
    vehicle_number = models.CharField(max_length=15, blank=True)

    created_at = models.DateTimeField()
    chosen_at = models.DateTimeField(help_text="When the driver last worked on it.")
    changed_at = models.DateTimeField(
        help_text="When what an officer decides on (region, citizenship, documents) last changed."
    )
    confirmed_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When the driver last said, at renewal, that it is still right.",
    )
    submitted_at = models.DateTimeField(_("dihantar"), null=True, blank=True)
    queued_at = models.DateTimeField(
        _("dibayar"), null=True, blank=True, help_text="Paid, so awaiting review."
    )
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
        verbose_name = _("pendaftaran")
        verbose_name_plural = _("pendaftaran")
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
            models.Index(WAITS_FROM, "id", condition=WAITING, name="registration_waiting"),
            GinIndex(OpClass(PLATE, name="gin_trgm_ops"), name="registration_plate"),
        ]
        triggers = triggers.life_cycle()

    def __str__(self) -> str:
        return f"{self.get_sector_display()} · {self.get_status_display()}"

    @property
    def stage(self) -> Stage:
        """The status with what it alone does not tell."""
        return stage_of(
            self.status,
            is_paid=self.queued_at is not None,
            is_allowed=bool(self.allowed_for),
            has_changed=self.has_changed,
        )

    @property
    def tag(self) -> Tag:
        return TAGS[self.stage]

    def next_action(
        self, step: Step | None = None, *, owed: Owed = Owed.NOTHING, is_bought_ahead: bool = False
    ) -> Action:
        """What the driver may do next; `step` is the assessment's, None if it was not asked for."""
        is_complete = step in {Step.PLAN, Step.ASK_OFFICER}
        is_answered = not is_complete or self.is_answered
        return next_action(Facts(self.stage, step, is_answered, owed, is_bought_ahead))

    @property
    def is_editable(self) -> bool:
        return self.stage in EDITABLE

    @property
    def is_first_time(self) -> bool:
        """True until its first contribution is paid."""
        return self.stage in FIRST_TIME

    @property
    def may_pay(self) -> bool:
        return self.status in PAYABLE

    @property
    def is_paid_for(self) -> bool:
        """True when it needs only to be sent again: the officer's look at it is paid for."""
        return self.stage in PAID_TO_SEND and self.queued_at is not None

    @property
    def is_awaiting_review(self) -> bool:
        """True when the next move is an officer's."""
        return self.stage in WITH_OFFICER

    @property
    def has_changed(self) -> bool:
        """True when an officer has yet to decide on what it now states."""
        return self.decided_at is None or self.changed_at > self.decided_at

    @property
    def has_changed_since_approval(self) -> bool:
        """True when it must be sent again before the next contribution is paid."""
        return self.stage == Stage.CHANGED

    @property
    def is_answered(self) -> bool:
        """False when it was returned, and nothing of it or of their name and IC number changed."""
        if self.status != self.Status.RETURNED:
            return True
        return not self.to_retake and (self.has_changed or self._is_corrected)

    @property
    def _is_corrected(self) -> bool:
        """True when an officer approved another name or IC number since the decision."""
        return self.user.corrections.approved().filter(decided_at__gt=self.decided_at).exists()

    @property
    def to_retake(self) -> list[SupportingDocument]:
        """Those that were returned and are still there; a corrected name answers for a mismatch."""
        left = [one for one in self.live_documents if one.returned_for]
        if any(one.returned_for == Reason.MISMATCH for one in left) and self._is_corrected:
            left = [one for one in left if one.returned_for != Reason.MISMATCH]
        return left

    @property
    def has_particulars(self) -> bool:
        """True when nothing is missing but what is marked optional."""
        return all((self.citizenship, self.address_line_1, self.postcode, self.town, self.state))

    @property
    def address(self) -> str:
        """On one line, as on a letter."""
        town = f"{self.postcode} {self.town}".strip()
        lines = [self.address_line_1, self.address_line_2, town, self.get_state_display()]
        return ", ".join(filter(None, lines))

    @cached_property
    def present_documents(self) -> list[SupportingDocument]:
        """Those attached and those waiting, loaded once; `refresh_from_db` does not renew them."""
        present = self.documents.filter(superseded_at=None)
        if self.status == self.Status.RETURNED and self.decided_at:
            return list(present.annotate(why_returned=why_returned(self.decided_at)))
        return list(present)

    @property
    def live_documents(self) -> list[SupportingDocument]:
        """The attached ones, which an officer looks at."""
        return [document for document in self.present_documents if document.attached_at]

    @property
    def unattached_documents(self) -> list[SupportingDocument]:
        """Files that are being read, were refused, or lack number and expiry; one of a kind."""
        return [document for document in self.present_documents if not document.attached_at]

    def ic_number(self, on: date) -> IcNumber:
        """The applicant's IC number, with the birth date that it tells on a day in Malaysia."""
        return read_ic_number(self.user.ic_number or "", today=on)

    def facts(self, on: date) -> eligibility.Facts:
        """What the rules look at, on a day in Malaysia."""
        return eligibility.Facts(
            sector=self.sector,
            region=self.region,
            citizenship=self.citizenship,
            birth_date=self.ic_number(on).birth_date,
            documents=tuple(one.as_fact() for one in self.live_documents if one.is_readable),
            awaited=tuple(one.kind for one in self.unattached_documents if one.is_awaited),
            has_particulars=self.has_particulars,
            allowed_for=self.allowed_for,
        )

    def assessment(self, at: datetime) -> Assessment:
        """The documents needed, the verdict of the rules and the next step, at a moment."""
        on = local(at).date()
        return assess(self.facts(on), DocumentRule.objects.as_rules(), on)


class RegistrationStatusChange(StatusChange):
    """History of one registration."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="status_changes")

    class Meta(StatusChange.Meta):
        # A draft that was never sent goes, with its history.
        triggers = triggers.kept_as_long_as("registration_registration", "registration_id")
