"""The pages of a person's own data: the copy of everything, and the end of the account."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import UserRequest, form_page, posted, see_other
from accounts.models import PersonalCopy
from accounts.services import limits
from accounts.views.proof import proof_required, use_proof_up
from contributions.models import CoveragePeriod
from foundation.forms import PortalForm
from perkeso.privacy import services

_FORM_METHODS = ["GET", "HEAD", "POST"]


class CloseAccountForm(PortalForm):
    """Whether they have read what goes and what stays."""

    has_understood = forms.BooleanField(
        label=gettext_lazy("Saya faham dan mahu menutup akaun saya"),
        error_messages={"required": gettext_lazy("Tandakan kotak untuk meneruskan")},
    )


@require_safe
def personal_copy(request: UserRequest) -> HttpResponse:
    """How far the last copy is, and the way to ask for one."""
    copy = PersonalCopy.objects.for_user(request.user).first()
    context = {"copy": copy, "is_open": bool(copy and copy.is_open(timezone.now()))}
    return render(request, "perkeso/personal_copy.html", context)


@require_http_methods(_FORM_METHODS)
@proof_required(with_code=True)
def request_copy(request: UserRequest) -> HttpResponse:
    """What is in it, and the button that asks for it."""
    if request.method == "POST":
        try:
            services.request_copy(user=request.user, at=timezone.now())
        except limits.TooMany as error:
            messages.error(request, str(error))
            return see_other("request_copy")
        use_proof_up(request)
        return redirect("personal_copy")
    return render(request, "perkeso/request_copy.html")


@require_safe
def download_copy(request: UserRequest, public_id: UUID) -> HttpResponseBase:
    """The zip, to its owner, while its link lives; nobody else is even asked for a proof."""
    copy = get_object_or_404(PersonalCopy.objects.for_user(request.user), public_id=public_id)
    if not copy.is_open(timezone.now()):
        raise Http404
    return _send(request, copy)


@proof_required(with_code=False)
def _send(request: UserRequest, copy: PersonalCopy) -> HttpResponseBase:
    return FileResponse(copy.file.open("rb"), as_attachment=True, filename="maklumat-saya.zip")


@require_http_methods(_FORM_METHODS)
@proof_required(with_code=True)
def close_account(request: UserRequest) -> HttpResponse:
    """What goes, what the law keeps, and the cover that still runs; then the end."""
    at = timezone.now()
    form = CloseAccountForm(posted(request))
    if form.is_valid():
        try:
            services.close_account(user=request.user, at=at)
        except services.PaymentUndecided as error:
            form.add_error(None, str(error))
        else:
            logout(request)
            messages.success(request, _("Akaun anda telah ditutup"))
            return redirect("home")
    periods = CoveragePeriod.objects.for_user(request.user).filter(coverage_ends_at__gt=at)
    is_undecided = services.has_undecided_payment(request.user)
    form.is_sent = not is_undecided
    context = {
        "form": form,
        "periods": periods.order_by("coverage_starts_at"),
        "is_undecided": is_undecided,
    }
    return form_page(request, "perkeso/close_account.html", context)
