"""From a ticked plan to a sum owed: one open contribution a registration, at most one queued."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.services import persons
from contributions.coverage import Cover, Period, next_period
from contributions.models import Contribution, CoveragePeriod, PlanChoice, PlanRate
from contributions.services import plans
from foundation import states
from foundation.refusals import Refusal
from registration.eligibility import Outcome
from registration.models import Registration
from registration.services import drafts, submission

if TYPE_CHECKING:
    from accounts.models import User


class PlanNotChosen(Refusal):
    """Nothing was ticked on the plan page."""

    words = _("Pilih pelan caruman")


class MayNotPay(Refusal):
    """The registration is with its driver or an officer: nothing may be owed for it now."""

    words = _("Caruman belum boleh dibayar untuk pendaftaran ini.")


class ContributionHeld(Refusal):
    """Money for the open contribution may be on its way, so no other takes its place."""

    words = _("Bayaran terdahulu masih disahkan. Pelan tidak boleh ditukar sekarang.")

    def __init__(self, contribution: Contribution) -> None:
        super().__init__()
        self.contribution = contribution


class NextPeriodAlreadyBought(Refusal):
    """One period is queued, and no more may be until `renewable_from`."""

    words = _("Tempoh perlindungan anda yang berikutnya sudah dibayar.")

    def __init__(self, renewable_from: datetime) -> None:
        super().__init__()
        self.renewable_from = renewable_from


@transaction.atomic
def submit_and_pay(*, registration: Registration, by: "User", at: datetime) -> Contribution | None:
    """Submits the registration and returns what is owed for it; one act, "Hantar & bayar".

    None when the rules refer it: an officer looks before anything may be paid. Raises NotEligible
    and whatever `start_contribution` raises, and then nothing has happened.
    """
    persons.lock_person(registration.user)
    submitted = submission.submit_registration(registration=registration, by=by, at=at)
    if not submitted.may_pay:
        return None
    return start_contribution(registration=submitted, at=at)


@transaction.atomic
def start_contribution(*, registration: Registration, at: datetime) -> Contribution:
    """Copies the ticked plan into what is owed; the open one is kept when it is the same.

    Another open one is dropped. Raises MayNotPay, PlanNotChosen, RateNotOnOffer,
    NextPeriodAlreadyBought, and ContributionHeld when the open one must not be dropped.
    """
    if not registration.may_pay:
        raise MayNotPay
    rate = _ticked_rate(registration, at)
    check_next_period(registration=registration, at=at)
    owed = _lock_open(registration)
    if owed is not None and owed.is_for(rate):
        return owed
    if owed is not None:
        _drop(owed, at)
    return Contribution.objects.create(
        registration=registration,
        plan_number=rate.plan_number,
        insured_monthly_earnings=rate.insured_monthly_earnings,
        months=rate.months,
        amount=rate.amount,
        created_at=at,
    )


@transaction.atomic
def repeat_contribution(*, contribution: Contribution, at: datetime) -> Contribution:
    """What was paid for twice is owed once more, for the next period; the caller certifies it.

    An open one of another choice is dropped. Raises whatever `next_repeated` raises.
    """
    persons.lock_person(contribution.registration.user)
    registration = contribution.registration = drafts.lock(contribution.registration)
    owed = _lock_open(registration)
    next_repeated(contribution=contribution, at=at)
    if owed is not None:
        _drop(owed, at)
    return Contribution.objects.create(
        registration=registration,
        plan_number=contribution.plan_number,
        insured_monthly_earnings=contribution.insured_monthly_earnings,
        months=contribution.months,
        amount=contribution.amount,
        created_at=at,
    )


def next_repeated(*, contribution: Contribution, at: datetime) -> Period:
    """The period that the same plan and months would buy at `at`.

    Raises MayNotPay, NextPeriodAlreadyBought, and ContributionHeld when money for another choice
    may be on its way.
    """
    registration = contribution.registration
    if not registration.may_pay:
        raise MayNotPay
    cover = check_next_period(registration=registration, at=at)
    held = Contribution.objects.open().held().filter(registration=registration).first()
    if held is not None:
        raise ContributionHeld(held)
    return next_period(cover.last, issued_at=at, months=contribution.months)


def check_next_period(*, registration: Registration, at: datetime) -> Cover:
    """Raises NextPeriodAlreadyBought when this person and sector has a queued period."""
    cover = CoveragePeriod.objects.of(registration).cover(at)
    if cover.renewable_from is not None:
        raise NextPeriodAlreadyBought(cover.renewable_from)
    return cover


def check_owed(*, contribution: Contribution, at: datetime) -> None:
    """Asks the rules again: days may lie between "Hantar & bayar" and the bank.

    Raises MayNotPay when the registration may not pay now, its driver is no longer eligible, or
    what was approved has changed and must be sent again.
    """
    registration = contribution.registration
    if not registration.may_pay or registration.has_changed_since_approval:
        raise MayNotPay
    if registration.assessment(at).verdict.outcome != Outcome.ELIGIBLE:
        raise MayNotPay


def hold_contribution(*, contribution: Contribution, at: datetime) -> None:
    """Keeps the contribution from being dropped while an attempt to pay it is undecided."""
    contribution.held_at = at
    contribution.save(update_fields=["held_at"])


def release_contribution(*, contribution: Contribution, at: datetime) -> None:
    """Lets it be dropped again: no attempt on it is undecided any more."""
    contribution.held_at = None
    contribution.save(update_fields=["held_at"])


def _lock_open(registration: Registration) -> Contribution | None:
    rows = Contribution.objects.open().select_for_update(no_key=True, of=("self",))
    return rows.filter(registration=registration).first()


def _ticked_rate(registration: Registration, at: datetime) -> PlanRate:
    """The rate of the plan page; a price that changed since must be seen and ticked again."""
    choice = PlanChoice.objects.select_related("rate").filter(registration=registration)
    ticked = choice.first()
    if ticked is None:
        raise PlanNotChosen
    plans.check_on_offer(ticked.rate, at)
    return ticked.rate


def _drop(owed: Contribution, at: datetime) -> None:
    if owed.is_held:
        raise ContributionHeld(owed)
    states.move(owed, Contribution.Status.DROPPED, by=owed.registration.user, at=at)
