"""Cases about accounts at the desk: what was reported, whose account it is, the decision."""

from datetime import datetime

from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.forms.case import CaseDecided, CaseDecisionForm
from accounts.http import UserRequest, posted
from accounts.models import AccountCase, User
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
            _decide(case, form.decided(), by=request.user, at=timezone.now())
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


def _decide(case: AccountCase, decided: CaseDecided, *, by: User, at: datetime) -> None:
    """Calls the service of the decision."""
    note = decided.note
    match decided.to:
        case Status.REFUSED:
            cases.refuse_case(case=case, note=note, by=by, at=at)
        case Status.PROPOSED:
            cases.propose_closing(case=case, note=note, by=by, at=at)
        case Status.DONE:
            cases.confirm_closing(case=case, note=note, by=by, at=at)
        case _cooling_off:
            phone, email = decided.phone, decided.email
            cases.propose_contact(case=case, phone=phone, email=email, note=note, by=by, at=at)
