"""Renewal: pay for the same again at once, or look through what we know and change it."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import UserRequest, form_page, posted, see_other
from contributions.models import PlanChoice
from foundation.refusals import Refusal
from foundation.states import ForbiddenMove, StaleStatus
from payments.forms import ChooseBankForm
from payments.services import attempts, banks, renewing
from payments.views.paying import language, notice_email, terms_url, to_undecided
from registration.forms import RenewForm
from registration.models import Registration
from registration.models.registration_queries import RegistrationQuerySet
from registration.services import drafts, submission
from registration.views.next_action import after, document_url


@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: UserRequest) -> HttpResponse:
    """Renews the registration that `?pendaftaran=` names, or the only one."""
    mine = list(_renewable(request))
    named = _named(request, mine)
    if not mine:
        return redirect("registration:overview")
    if len(mine) > 1 and not named:
        if request.method == "POST":
            return see_other("payments:renew")
        return render(request, "payments/renew_which.html", {"registrations": mine})
    return _renew(request, (named or mine)[0])


@require_POST
def renew_at_once(request: UserRequest) -> HttpResponse:
    """The same plan again, through a bank: everything that the long way asks, in one press."""
    named = _named(request, _renewable(request))
    if not named:
        raise Http404
    registration, at = named[0], timezone.now()
    back = f"{reverse('payments:renew')}?pendaftaran={registration.public_id}"
    try:
        return _renew_at_once(request, registration, at) or see_other(back)
    except attempts.AttemptUndecided as undecided:
        return to_undecided(request, undecided.payment, at)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    except (ForbiddenMove, StaleStatus):  # an officer spoke in this moment
        return redirect("registration:overview")
    except banks.NoBankList:
        messages.warning(request, _("FPX tidak menjawab. Cuba lagi sebentar lagi."))
    return see_other(back)


def _renew_at_once(
    request: UserRequest, registration: Registration, at: datetime
) -> HttpResponse | None:
    """To the bank; None, with a word of why, when the page showed something else."""
    choice: PlanChoice | None = getattr(registration, "plan_choice", None)
    if choice is None or request.POST.get("rate") != str(choice.rate_id):
        messages.warning(request, _("Pelan anda telah bertukar. Semak sekali lagi."))
        return None
    chosen = {"bank": request.POST.get("bank", "")}  # the box asks for no more
    form = ChooseBankForm(chosen, banks=banks.banks_on_offer(user=request.user, at=at))
    if not form.is_valid():
        messages.warning(request, form.errors.as_data()["bank"][0].messages[0])
        return None
    started = renewing.renew_at_once(
        registration=registration,
        bank=form.cleaned_data["bank"],
        buyer_email=notice_email(request),
        by=request.user,
        at=at,
        language=language(),
    )
    return redirect("payments:send_to_bank", started.reference)


def _renewable(request: UserRequest) -> RegistrationQuerySet:
    mine = Registration.objects.for_user(request.user).renewable()
    return mine.select_related("user", "plan_choice__rate")


def _named(request: UserRequest, mine: Iterable[Registration]) -> list[Registration]:
    """The one that `?pendaftaran=` names; whatever else stands there names none."""
    return [one for one in mine if str(one.public_id) == request.GET.get("pendaftaran")]


def _renew(request: UserRequest, registration: Registration) -> HttpResponse:
    at = timezone.now()
    form = RenewForm(posted(request))
    if not form.is_valid():
        expired = [need for need in registration.assessment(at).needs if need.has_expired]
        context = {
            **_at_once(request, registration, at),
            "form": form,
            "registration": registration,
            "expired": [(need.sent[0].kind, document_url(need)) for need in expired],
        }
        return form_page(request, "payments/renew.html", context)
    if not form.cleaned_data["is_correct"]:
        drafts.choose_registration(registration=registration, at=at)
        return redirect("registration:overview")
    submission.renew_registration(registration=registration, by=request.user, at=at)
    return after(request, registration, at)


def _at_once(request: UserRequest, registration: Registration, at: datetime) -> dict[str, object]:
    """The box of one press; nothing where the long way must be walked."""
    same_again = renewing.same_again(registration=registration, at=at)
    listed = banks.listed_banks(user=request.user, at=at)
    if same_again is None or not listed:
        return {}
    return {
        "same_again": same_again,
        "bank_form": ChooseBankForm(banks=listed),
        "terms_url": terms_url(),
        "now": at,
    }
