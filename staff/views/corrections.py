"""Corrections at the desk: one officer proposes a name or an IC number, another decides."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.forms.correction import CorrectionForm
from accounts.http import UserRequest, posted
from accounts.models import Correction, User
from accounts.services import corrections
from foundation import audit
from foundation.refusals import Refusal
from foundation.states import ForbiddenMove, StaleStatus
from foundation.wording import local
from receipts.models import Receipt
from staff.pages import desk_page

LIST = "admin:accounts_correction_changelist"


@desk_page(
    "accounts/user/<int:pk>/betulkan/",
    name="accounts_user_correct",
    permission="accounts.add_correction",
)
def propose(request: UserRequest, pk: int) -> HttpResponse:
    """The right name and IC number of an opened account, for a second officer to look at."""
    person = get_object_or_404(User.objects.opened().filter(is_staff=False), pk=pk)
    at = timezone.now()
    form = CorrectionForm(posted(request), user=person, today=local(at).date())
    if form.is_valid():
        try:
            corrections.propose_correction(
                user=person,
                full_name=form.cleaned_data["full_name"],
                ic_number=form.cleaned_data["ic_number"],
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=at,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Pembetulan dicadangkan. Pegawai lain akan memutuskannya."))
            return redirect(LIST)
    return _page(
        request, "propose", _("Betulkan nama atau nombor kad pengenalan"), person, form=form
    )


@desk_page(
    "accounts/correction/<int:pk>/putuskan/",
    name="accounts_correction_decide",
    permission="accounts.change_correction",
    fresh_digits=True,
)
def decide(request: UserRequest, pk: int) -> HttpResponse:
    """Both states side by side, the IC numbers whole: reading them is an event of its own."""
    correction = get_object_or_404(
        Correction.objects.select_related("user", "proposed_by", "decided_by"), pk=pk
    )
    if request.method == "POST":
        return _decide(request, correction)
    audit.record("ic_number_read", subject=correction.user, by=request.user, at=timezone.now())
    receipts = Receipt.objects.for_user(correction.user)
    return _page(
        request,
        "decide",
        _("Putuskan pembetulan"),
        correction.user,
        correction=correction,
        receipts=receipts,
    )


def _decide(request: UserRequest, correction: Correction) -> HttpResponse:
    approves = request.POST.get("decision") == Correction.Status.APPROVED
    service = corrections.approve_correction if approves else corrections.refuse_correction
    try:
        service(correction=correction, by=request.user, at=timezone.now())
    except (Refusal, ForbiddenMove, StaleStatus) as refusal:
        is_ours = isinstance(refusal, Refusal)
        words = str(refusal) if is_ours else _("Pegawai lain telah memutuskan pembetulan ini.")
        messages.error(request, words)
        return redirect("admin:accounts_correction_decide", correction.pk)
    messages.success(request, _("Keputusan disimpan."))
    return redirect("admin:accounts_correction_decide", correction.pk)


def _page(
    request: UserRequest, name: str, title: str, person: User, **context: Any
) -> HttpResponse:
    shared = {**admin.site.each_context(request), "title": title, "person": person}
    return render(request, f"admin/accounts/correction/{name}.html", shared | context)
