"""Cases about accounts at the desk: what was reported, whose account it is, the decision."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.forms.case import CaseDecisionForm
from accounts.http import UserRequest, posted
from accounts.models import AccountCase
from accounts.services import cases
from foundation import audit
from foundation.refusals import Refusal
from foundation.states import ForbiddenMove, StaleStatus
from receipts.models import Receipt
from staff.pages import desk_page

Status = AccountCase.Status


@desk_page(
    "accounts/accountcase/<int:pk>/putuskan/",
    name="accounts_accountcase_decide",
    permission="accounts.change_accountcase",
    fresh_digits=True,
)
def decide(request: UserRequest, pk: int) -> HttpResponse:
    """The IC number stands whole, to be held against the MyKad: reading it is an event."""
    case = get_object_or_404(
        AccountCase.objects.select_related("user", "decided_by", "confirmed_by"), pk=pk
    )
    form = CaseDecisionForm(posted(request), case=case)
    if form.is_valid():
        try:
            _decide(request, case, form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        except (ForbiddenMove, StaleStatus):
            messages.error(request, _("Pegawai lain telah memutuskan kes ini."))
            return redirect("admin:accounts_accountcase_decide", pk)
        else:
            messages.success(request, _("Keputusan disimpan."))
            return redirect("admin:accounts_accountcase_changelist")
    return _show(request, case, form)


def _show(request: UserRequest, case: AccountCase, form: CaseDecisionForm) -> HttpResponse:
    audit.record("ic_number_read", subject=case, by=request.user, at=timezone.now())
    person = cases.account_of(case)
    context = {
        **admin.site.each_context(request),
        "title": _("Putuskan kes akaun"),
        "case": case,
        "person": person,
        "receipts": Receipt.objects.for_user(person) if person else [],
        "form": form,
    }
    return render(request, "admin/accounts/accountcase/decide.html", context)


def _decide(request: UserRequest, case: AccountCase, typed: dict[str, str]) -> None:
    """Calls the service of the decision."""
    decided: dict[str, Any] = {
        "case": case,
        "note": typed["note"],
        "by": request.user,
        "at": timezone.now(),
    }
    if typed["decision"] == Status.REFUSED:
        cases.refuse_case(**decided)
    elif typed["decision"] == Status.PROPOSED:
        cases.propose_closing(**decided)
    elif typed["decision"] == Status.SETTLED:
        cases.close_claimed_account(**decided)
    else:
        cases.propose_contact(**decided, phone=typed["phone"], email=typed["email"])
