"""Exports at the desk: asked for, made in the background, fetched within a day."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.http import UserRequest, posted
from accounts.http.guards import too_many
from accounts.services import limits
from foundation import audit
from foundation.forms import PortalForm
from foundation.wording import local
from registration.models import Export
from registration.services import exports as registration_exports
from staff.pages import READ, desk_page

SHOWN = 20


class ExportForm(PortalForm):
    """Which registrations to write out."""

    which = forms.ChoiceField(
        label=gettext_lazy("Pendaftaran yang mana?"),
        choices=Export.Which.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Pilih pendaftaran yang mana"),
            "invalid_choice": gettext_lazy("Pilih pendaftaran yang mana"),
        },
    )


@desk_page(
    "eksport/",
    name="exports",
    permission="registration.add_export",
    fresh_digits=True,
)
def exports(request: UserRequest) -> HttpResponse:
    """Their own exports with how far they are, and the form that asks for another."""
    at = timezone.now()
    form = ExportForm(posted(request))
    if form.is_valid():
        try:
            limits.take("exports_per_hour", str(request.user.pk), at=at)
        except limits.TooMany as refusal:
            return too_many(request, refusal.minutes)
        registration_exports.request_export(
            which=form.cleaned_data["which"], by=request.user, at=at
        )
        messages.success(request, _("Eksport sedang dibuat."))
        return redirect("admin:exports")
    own = [(export, export.is_open(at)) for export in _own(request)[:SHOWN]]
    context = {
        **admin.site.each_context(request),
        "title": _("Eksport"),
        "form": form,
        "exports": own,
        "is_at_work": any(export.made_at is None for export, _is_open in own),
    }
    return render(request, "admin/exports.html", context)


@desk_page(
    "eksport/<uuid:public_id>.csv",
    name="export_download",
    permission="registration.add_export",
    methods=READ,
    fresh_digits=True,
)
def download(request: UserRequest, public_id: UUID) -> HttpResponseBase:
    """The file, to whoever asked for it, while its link lives; each time is an event."""
    at = timezone.now()
    export = get_object_or_404(_own(request), public_id=public_id)
    if not export.is_open(at):
        raise Http404
    audit.record("export_downloaded", subject=export, by=request.user, at=at)
    name = f"pendaftaran-{export.which}-{local(export.requested_at):%Y%m%d-%H%M}.csv"
    return FileResponse(
        export.file.open("rb"), as_attachment=True, filename=name, content_type="text/csv"
    )


def _own(request: UserRequest) -> Any:
    return Export.objects.for_officer(request.user)
