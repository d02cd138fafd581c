"""Plan, check, "Hantar & bayar"; and what was paid."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import UserRequest, form_page, posted, see_other
from contributions.coverage import Cover, next_period
from contributions.forms import ChoosePlanForm, DeclarationForm
from contributions.models import Contribution, CoveragePeriod, PlanChoice, PlanRate
from contributions.services import contributing, plans
from foundation.states import ForbiddenMove, StaleStatus
from foundation.wording import local
from registration.documents import Assessment
from registration.models import Registration
from registration.next_action import PAYING
from registration.services import submission

_PER_PAGE = 12  # a year of monthly contributions
PayingView = Callable[[UserRequest, Registration, Cover, Assessment], HttpResponse]


def for_paying(view: PayingView) -> Callable[[UserRequest], HttpResponse]:
    """Gives a view the registration to be paid for, its cover and its assessment.

    Out of turn they go elsewhere.
    """

    @wraps(view)
    def guarded(request: UserRequest) -> HttpResponse:
        at = timezone.now()
        mine = Registration.objects.for_user(request.user)
        registration = mine.select_related("user", "plan_choice__rate").current()
        if registration is None:
            return redirect("registration:overview")
        assessment = registration.assessment(at)
        if registration.next_action(assessment.next_step) not in PAYING:
            return redirect("registration:overview")
        cover = CoveragePeriod.objects.of(registration).cover(at)
        if cover.renewable_from:
            if request.method == "POST":
                return see_other(request.path)
            context = {"registration": registration, "cover": cover}
            return render(request, "contributions/next_period_bought.html", context)
        return view(request, registration, cover, assessment)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@for_paying
def choose_plan(
    request: UserRequest, registration: Registration, cover: Cover, _assessment: Assessment
) -> HttpResponse:
    """The plans, by the month or by the year."""
    rates = PlanRate.objects.on_offer(local(cover.at).date())
    ticked = _ticked(registration)
    form = ChoosePlanForm(posted(request), rates=rates, ticked=ticked)
    if not form.is_valid():
        context = {"form": form, "registration": registration, "cover": cover}
        return form_page(request, "contributions/choose_plan.html", context)
    plans.choose_plan(registration=registration, rate=form.cleaned_data["rate"], at=cover.at)
    return redirect("contributions:check_answers")


@require_http_methods(["GET", "HEAD", "POST"])
@for_paying
def check_answers(
    request: UserRequest, registration: Registration, cover: Cover, assessment: Assessment
) -> HttpResponse:
    """All that was said, the declaration, and the act of submitting and paying."""
    rate = _ticked(registration)
    if rate is None:
        return redirect("contributions:choose_plan")
    try:
        plans.check_on_offer(rate, cover.at)
    except plans.RateNotOnOffer as refusal:
        messages.warning(request, str(refusal))
        return redirect("contributions:choose_plan")
    form = DeclarationForm(posted(request))
    if form.is_valid():
        return _submit(request, registration, cover.at)
    context = {
        "form": form,
        "registration": registration,
        "documents": [one for one in registration.live_documents if one.kind in assessment.kinds],
        "ic_number": registration.ic_number(local(cover.at).date()),
        "rate": rate,
        "cover": cover,
        "period": next_period(cover.last, issued_at=cover.at, months=rate.months),
        "held": Contribution.objects.open().held().filter(registration=registration).first(),
    }
    return form_page(request, "contributions/check_answers.html", context)


def _ticked(registration: Registration) -> PlanRate | None:
    choice: PlanChoice | None = getattr(registration, "plan_choice", None)
    return choice.rate if choice else None


def _submit(request: UserRequest, registration: Registration, at: datetime) -> HttpResponse:
    """Presses "Hantar & bayar"; every way out of it has its page."""
    try:
        owed = contributing.submit_and_pay(registration=registration, by=request.user, at=at)
    except submission.NotEligible:
        return redirect("registration:not_eligible")
    except contributing.NextPeriodAlreadyBought:
        return redirect("contributions:choose_plan")
    except (contributing.PlanNotChosen, plans.RateNotOnOffer) as refusal:
        messages.warning(request, str(refusal))
        return redirect("contributions:choose_plan")
    except contributing.ContributionHeld as refusal:
        messages.warning(request, str(refusal))
        return redirect("payments:choose_bank", refusal.contribution.public_id)
    except (
        submission.NothingChanged,
        ForbiddenMove,
        StaleStatus,
    ):  # an officer spoke in this moment
        return redirect("registration:overview")
    if owed is None:
        return redirect("registration:referred")
    return redirect("payments:choose_bank", owed.public_id)


@require_safe
def history(request: UserRequest) -> HttpResponse:
    """What they paid, what it covers, and what they still owe."""
    own = Contribution.objects.for_user(request.user).undropped()
    rows = own.select_related("registration", "coverage_period")
    page = Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "contributions/history.html", {"page_obj": page})
