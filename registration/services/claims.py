"""Who looks at a case: two officers never hold one, and a forgotten claim runs out by itself."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from foundation import audit
from foundation.refusals import Refusal
from foundation.wording import moment
from registration.models import Registration, ReviewClaim
from registration.services import drafts

if TYPE_CHECKING:
    from accounts.models import User


class HeldByAnother(Refusal):
    """Another officer holds the case; the text says who, and until when."""

    words = _("Kes ini dipegang oleh %(officer)s hingga %(moment)s.")

    def __init__(self, claim: ReviewClaim) -> None:
        until = moment(claim.ends_at, "ms")
        super().__init__(str(self.words) % {"officer": claim.officer, "moment": until})


@transaction.atomic
def claim_registration(*, registration: Registration, by: "User", at: datetime) -> ReviewClaim:
    """Makes the case `by`'s for `CLAIM_LIFE`, anew if it is theirs; raises HeldByAnother."""
    drafts.lock(registration)
    refuse_if_held(registration, by=by, at=at)
    claim, _is_new = ReviewClaim.objects.update_or_create(
        registration=registration, defaults={"officer": by, "claimed_at": at}
    )
    audit.record("registration_claimed", subject=registration, by=by, at=at)
    return claim


def claim_next(*, by: "User", at: datetime) -> Registration | None:
    """Claims the case that waits longest and nobody else holds; the officer's own comes first.

    Returns None when nothing waits. Two officers who ask together get two cases.
    """
    while True:
        try:
            return _claim_next(by, at)
        except HeldByAnother:
            # Taken between our look at the claims and our lock; the next look sees that it is.
            continue


@transaction.atomic
def _claim_next(by: "User", at: datetime) -> Registration | None:
    live = ReviewClaim.objects.live(at)
    mine = live.filter(officer=by).values("registration")
    waiting = Registration.objects.awaiting_review()
    held = Exists(live.of_others(by).filter(registration=OuterRef("pk")))
    free = waiting.filter(~held).select_for_update(skip_locked=True, of=("self",))
    registration = waiting.filter(pk__in=mine).first() or free.first()
    if registration is not None:
        claim_registration(registration=registration, by=by, at=at)
    return registration


@transaction.atomic
def release_claim(*, registration: Registration, by: "User", at: datetime) -> None:
    """Lets others have the case; somebody else's claim stays."""
    if drop_claim(registration, by=by):
        audit.record("registration_released", subject=registration, by=by, at=at)


def drop_claim(registration: Registration, *, by: "User") -> bool:
    """Ends the officer's claim, if there is one."""
    dropped, _rows = ReviewClaim.objects.filter(registration=registration, officer=by).delete()
    return dropped > 0


def refuse_if_held(registration: Registration, *, by: "User", at: datetime) -> None:
    """Raises HeldByAnother while another officer's claim lives; the caller has locked the case."""
    others = ReviewClaim.objects.live(at).of_others(by).select_related("officer")
    claim = others.filter(registration=registration).first()
    if claim is not None:
        raise HeldByAnother(claim)
