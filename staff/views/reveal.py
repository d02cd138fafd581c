"""Somebody's IC number, phone and e-mail whole: for a stated purpose, and as an event each time."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.http import UserRequest, posted
from accounts.models import User
from foundation import audit
from foundation.forms import PortalForm
from foundation.wording import local_phone
from staff.pages import desk_page

# What each permission lets an officer read whole.
FIELDS = {
    "accounts.view_whole_ic_number": ["ic_number"],
    "accounts.view_whole_contact": ["phone", "email"],
}
PURPOSES = {
    "review": gettext_lazy("Menyemak dokumen"),
    "call": gettext_lazy("Menghubungi pemandu"),
    "case": gettext_lazy("Menyelesaikan kes"),
    "authority": gettext_lazy("Permintaan pihak berkuasa"),
}


class RevealForm(PortalForm):
    """What the officer needs it for."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("Untuk apa anda memerlukannya?"),
        choices=list(PURPOSES.items()),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Pilih tujuan"),
            "invalid_choice": gettext_lazy("Pilih tujuan"),
        },
    )


def may_reveal(user: Any) -> bool:
    """True for an officer who may read something whole; raises PermissionDenied for others."""
    if not readable(user):
        raise PermissionDenied
    return True


def readable(user: Any) -> list[str]:
    """The fields that this officer may read whole."""
    return [
        name for permission, names in FIELDS.items() if user.has_perm(permission) for name in names
    ]


@desk_page(
    "accounts/user/<int:pk>/dedahkan/",
    name="accounts_user_reveal",
    permission=may_reveal,
    fresh_digits=True,
)
def reveal(request: UserRequest, pk: int) -> HttpResponse:
    """Asks for the purpose, notes it, and shows what this officer may read, once."""
    person = get_object_or_404(User.objects.filter(is_staff=False), pk=pk)
    form = RevealForm(posted(request))
    context: dict[str, Any] = {"person": person, "form": form, "title": _("Dedahkan maklumat")}
    if form.is_valid():
        names = readable(request.user)
        audit.record(
            "personal_data_read",
            subject=person,
            by=request.user,
            at=timezone.now(),
            fields=names,
            purpose=form.cleaned_data["purpose"],
        )
        context["whole"] = _whole(person, names)
    shared = admin.site.each_context(request)
    return render(request, "admin/accounts/user/reveal.html", shared | context)


def _whole(person: User, names: list[str]) -> list[tuple[str, str]]:
    shown = {
        "ic_number": (_("No. kad pengenalan"), person.ic_number or ""),
        "phone": (_("Telefon"), local_phone(person.phone) if person.phone else ""),
        "email": (_("E-mel"), person.email or ""),
    }
    return [shown[name] for name in names]
