"""What the dashboard knows of a driver, in few queries: cover, registrations, payments."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from contributions.coverage import Cover, Period, cover_at
from contributions.models import Contribution, CoveragePeriod
from payments.models import Payment, PaymentCase, PaymentQuerySet
from registration.models import Registration, Sector
from registration.next_action import Action, Owed
from registration.views.progress import progress

Status = Registration.Status
# Taken on pages that work on the registration chosen last.
_OF_THE_CHOSEN = frozenset({Action.FILL_IN, Action.CORRECT, Action.CHOOSE_PLAN})


@dataclass(frozen=True)
class Place:
    """How somebody stands in one sector."""

    registration: Registration
    cover: Cover
    owed: Contribution | None = None

    is_worked_on: bool = True

    @property
    def action(self) -> Action:
        """What its driver may do next; documents are not looked at."""
        owed = Owed.NOTHING
        if self.owed:
            owed = Owed.HELD if self.owed.is_held else Owed.OPEN
        is_bought_ahead = self.cover.renewable_from is not None
        return self.registration.next_action(owed=owed, is_bought_ahead=is_bought_ahead)

    @property
    def button(self) -> str:
        """The template of the action; the pages must first work on this registration."""
        must_choose = not self.is_worked_on and self.action in _OF_THE_CHOSEN
        return f"perkeso/actions/{'choose' if must_choose else self.action}.html"


def panel(user: User, at: datetime) -> dict[str, Any]:
    """The context of the dashboard; what cannot be there yet is not asked for."""
    mine = _registrations(user)
    registrations = _one_a_sector(mine)
    covers = _covers(user, at)
    if any(one.submitted_at for one in registrations):
        owed = _owed(user) if any(one.is_owing for one in mine) else {}
        is_paying = any(one.is_paying for one in mine)
        payments = list(_open_payments().for_user(user)) if is_paying else []
        more: dict[str, Any] = {"payments": payments}
    else:
        owed = {}
        more = progress(registrations[0], at) if registrations else {}
    places = [
        Place(one, covers[one.sector], owed.get(one.pk), is_worked_on=number == 0)
        for number, one in enumerate(registrations)
    ]
    covered = sorted([*places, *_paid_elsewhere(user, places, covers)], key=_from_yes_to_no)
    may_add = 0 < len(places) < len(Sector) and all(one.submitted_at for one in registrations)
    return {"places": places, "covered": covered, "may_add": may_add, **more}


def _from_yes_to_no(place: Place) -> tuple[bool, bool, bool]:
    """Somebody who is covered must not read first that a draft covers nobody."""
    cover = place.cover
    return cover.current is None, cover.queued is None, cover.ended is None


def _registrations(user: User) -> list[Any]:
    """All of theirs, each with `is_owing` and `is_paying`: mostly neither, so that is asked first.

    Who they are is known.
    """
    mine = (
        Registration.objects.for_user(user)
        .select_related(None)
        .annotate(
            is_owing=Exists(Contribution.objects.open().filter(registration=OuterRef("pk"))),
            is_paying=Exists(_open_payments().filter(contribution__registration=OuterRef("pk"))),
        )
    )
    for one in (found := list(mine)):
        one.user = user
    return found


def _owed(user: User) -> dict[int, Contribution]:
    return {row.registration_id: row for row in Contribution.objects.for_user(user).open()}


def _one_a_sector(mine: list[Registration]) -> list[Registration]:
    """Of each sector the registration that counts, the one worked on last first."""
    by_sector: dict[str, Registration] = {}
    for one in sorted(mine, key=lambda one: one.status == Status.REJECTED):
        by_sector.setdefault(one.sector, one)
    return list(by_sector.values())


def _covers(user: User, at: datetime) -> defaultdict[str, Cover]:
    """How the person stands in each sector, also by what another account of theirs paid."""
    periods: dict[str, list[Period]] = defaultdict(list)
    facts = ("anchor_at", "months_from_anchor", "coverage_starts_at", "coverage_ends_at")
    mine = CoveragePeriod.objects.for_user(user).order_by()
    for sector, *period in mine.values_list("sector", *facts):
        periods[sector].append(Period(*period))
    found = {sector: cover_at(rows, at) for sector, rows in periods.items()}
    return defaultdict(lambda: cover_at([], at), found)


def _paid_elsewhere(user: User, places: list[Place], covers: dict[str, Cover]) -> list[Place]:
    """Sectors in which the person is covered, and this account has registered nothing."""
    here = {place.registration.sector for place in places}
    return [
        Place(Registration(user=user, sector=sector), cover)
        for sector, cover in sorted(covers.items())
        if sector not in here
    ]


def _open_payments() -> PaymentQuerySet:
    """Payments that the bank has not decided, and those made twice, with `is_double`.

    `is_odd` is one that FPX's word does not agree about, and that an officer looks into.
    """
    cases = PaymentCase.objects.filter(payment=OuterRef("pk"), closed_at=None)
    payments = Payment.objects.annotate(
        is_double=Exists(cases.filter(kind=PaymentCase.Kind.DOUBLE_PAYMENT)),
        is_odd=Exists(cases.filter(kind=PaymentCase.Kind.ANOMALY)),
    )
    undecided = Q(status__in=[Payment.Status.STARTED, Payment.Status.PENDING])
    return payments.filter(undecided | Q(is_double=True))
