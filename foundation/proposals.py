"""Changes of prices and rules: one officer proposes a dated fact, another lets it follow.

What the change is of, and what follows, is written down as it was proposed; whichever app the fact
belongs to puts it into its table when the second officer approves.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation import audit, states, triggers
from foundation.refusals import Refusal, SameOfficer
from foundation.states import StatusChange, Transitions

Values = Mapping[str, Any]


class Proposal(models.Model):
    """That from a day on another fact holds, or none; approved or refused by a second officer."""

    class Kind(models.TextChoices):
        """Which table of dated facts."""

        PLAN_RATE = "plan_rate", _("Kadar pelan")
        DOCUMENT_RULE = "document_rule", _("Peraturan dokumen")

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

    kind = models.CharField(max_length=14, choices=Kind.choices)
    about = models.JSONField(help_text="Which fact, such as plan and months.")
    follows = models.JSONField(null=True, help_text="What it says from then on; null: no more.")
    effective_from = models.DateField()
    reason = models.CharField(max_length=500)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PROPOSED)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "about"], condition=Q(status="proposed"), name="proposal_once"
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_at=None, decided_by=None)
                | (
                    ~Q(status="proposed")
                    & Q(decided_at__isnull=False)
                    & Q(decided_by__isnull=False)
                ),
                name="proposal_decided_pair",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="proposal_two_officers",
            ),
        ]
        triggers = [
            *triggers.life_cycle(),
            triggers.Refusal(
                "facts_stay",
                pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["status", "decided_at", "decided_by"]),
            ),
            triggers.Refusal("stays", pgtrigger.Delete),
            triggers.not_emptied(),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class ProposalStatusChange(StatusChange):
    """History of one proposal."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="status_changes")


class AlreadyProposed(Refusal):
    """Another change of the same fact waits for its second officer."""

    words = _("Satu perubahan bagi perkara ini sedang menunggu kelulusan.")


@transaction.atomic
def propose(
    *,
    kind: Proposal.Kind,
    about: Values,
    follows: Values | None,
    effective_from: date,
    reason: str,
    by: Any,
    at: datetime,
) -> Proposal:
    """Asks a second officer; nothing changes until then. Raises AlreadyProposed."""
    waiting = Proposal.objects.filter(kind=kind, about=about, status=Proposal.Status.PROPOSED)
    if waiting.exists():
        raise AlreadyProposed
    proposal = Proposal.objects.create(
        kind=kind,
        about=about,
        follows=follows,
        effective_from=effective_from,
        reason=reason,
        proposed_at=at,
        proposed_by=by,
    )
    _note(proposal, by, at)
    return proposal


@transaction.atomic
def approve(
    *,
    proposal: Proposal,
    before: Values | None,
    enact: Callable[[], object],
    by: Any,
    at: datetime,
) -> Proposal:
    """Lets the change be made by `enact`; `before` is what held until now, kept in the trail.

    Raises SameOfficer, whatever `enact` and `states.move` raise.
    """
    _decide(proposal, Proposal.Status.APPROVED, by, at)
    enact()
    _note(proposal, by, at, old=before)
    return proposal


@transaction.atomic
def refuse(*, proposal: Proposal, by: Any, at: datetime) -> Proposal:
    """Leaves everything as it is. Raises SameOfficer and what `states.move` raises."""
    _decide(proposal, Proposal.Status.REFUSED, by, at)
    _note(proposal, by, at)
    return proposal


def _decide(proposal: Proposal, to: str, by: Any, at: datetime) -> None:
    if by.pk == proposal.proposed_by_id:
        raise SameOfficer
    states.move(proposal, to, by=by, at=at, decided_at=at, decided_by=by)


def _note(proposal: Proposal, by: Any, at: datetime, **also: Any) -> None:
    """What is proposed and what became of it, whole: rates and rules are no personal data."""
    audit.record(
        f"{proposal.kind}_{proposal.status}",
        subject=proposal,
        by=by,
        at=at,
        applies_to=proposal.about,
        new_values=proposal.follows,
        effective_from=proposal.effective_from.isoformat(),
        **also,
    )
