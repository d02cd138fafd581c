"""Reports from outside the log-in: phone and mailbox both lost, an IC number used by another."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms.case import ReportCaseForm
from accounts.http import form_page, posted
from accounts.http.sender import network
from accounts.http.session import facts
from accounts.models import AccountCase
from accounts.services import cases as services

_FORM_METHODS = ["GET", "HEAD", "POST"]


@login_not_required
@require_http_methods(_FORM_METHODS)
@never_cache
@sensitive_post_parameters()
def report_lost_contact(request: HttpRequest) -> HttpResponse:
    """Neither the phone nor the mailbox of the account is there any more."""
    return _report(request, AccountCase.Kind.LOST_CONTACT, "accounts/report_lost_contact.html")


@login_not_required
@require_http_methods(_FORM_METHODS)
@never_cache
@sensitive_post_parameters()
def report_ic_number_taken(request: HttpRequest) -> HttpResponse:
    """Somebody else has an account with one's IC number."""
    return _report(
        request, AccountCase.Kind.IC_NUMBER_TAKEN, "accounts/report_ic_number_taken.html"
    )


def _told(form: ReportCaseForm) -> services.Report:
    typed = form.cleaned_data
    return services.Report(
        ic_number=typed["ic_number"],
        full_name=typed["full_name"],
        phone=typed["phone"],
        email=typed["email"],
    )


def _report(request: HttpRequest, kind: AccountCase.Kind, template: str) -> HttpResponse:
    """The answer is the same whether there is an account or not."""
    at = timezone.now()
    form = ReportCaseForm(posted(request), today=timezone.localdate(at))
    if form.is_valid():
        case = services.report_case(
            attempt=form.cleaned_data["attempt"],
            kind=kind,
            report=_told(form),
            network=network(request),
            at=at,
        )
        facts(request).case = case.reference
        return redirect("accounts:case_reported")
    return form_page(request, template, {"form": form})


@login_not_required
@require_safe
@never_cache
def case_reported(request: HttpRequest) -> HttpResponse:
    """The reference to quote, and what to bring."""
    reference = facts(request).case
    if not reference:
        return redirect("accounts:log_in")
    return render(request, "accounts/case_reported.html", {"reference": reference})
