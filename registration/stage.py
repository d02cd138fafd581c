"""The stage of a registration: its status with what the status alone does not tell.

A submission that is paid for and one that is not are at two stages, and so are an approval and one
that has changed since. They are derived here and nowhere else; the README draws them.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Stage(StrEnum):
    """Where a registration is on its way."""

    DRAFT = "draft"
    UNSENT = "unsent"
    UNPAID = "unpaid"
    ALLOWED = "allowed"
    UNDER_REVIEW = "under_review"
    REFERRED = "referred"
    RETURNED = "returned"
    APPROVED = "approved"
    CHANGED = "changed"
    REJECTED = "rejected"


EDITABLE = frozenset(set(Stage) - {Stage.UNDER_REVIEW, Stage.REFERRED, Stage.REJECTED})
WITH_OFFICER = frozenset({Stage.UNDER_REVIEW, Stage.REFERRED})
# The officer's look is paid for: it needs only to be sent again.
PAID_TO_SEND = frozenset({Stage.UNSENT, Stage.RETURNED})


@dataclass(frozen=True)
class Tag:
    """A stage as the driver reads it, and its tone."""

    word: str | Promise
    tone: str


TAGS = {
    Stage.DRAFT: Tag(_("Draf"), "neutral"),
    Stage.UNSENT: Tag(_("Belum dihantar semula"), "warning"),
    Stage.UNPAID: Tag(_("Menunggu bayaran"), "warning"),
    Stage.ALLOWED: Tag(_("Bayaran dibenarkan"), "success"),
    Stage.UNDER_REVIEW: Tag(_("Sedang disemak"), "info"),
    Stage.REFERRED: Tag(_("Dirujuk kepada pegawai"), "info"),
    Stage.RETURNED: Tag(_("Perlu tindakan anda"), "warning"),
    Stage.APPROVED: Tag(_("Diluluskan"), "success"),
    Stage.CHANGED: Tag(_("Perubahan belum disemak"), "info"),
    Stage.REJECTED: Tag(_("Ditolak"), "error"),
}


def stage_of(status: str, *, is_paid: bool, is_allowed: bool, has_changed: bool) -> Stage:
    """The stage of a registration with this status; ValueError when the status has none.

    `is_paid`: a contribution queued it for review. `is_allowed`: an officer let a referred one be
    paid for. `has_changed`: an officer has yet to decide on what it now states.
    """
    if status == "draft":
        return Stage.UNSENT if is_paid else Stage.DRAFT
    if status == "submitted" and is_paid:
        return Stage.UNDER_REVIEW
    if status == "submitted":
        return Stage.ALLOWED if is_allowed else Stage.UNPAID
    if status == "approved":
        return Stage.CHANGED if has_changed else Stage.APPROVED
    return Stage(status)
