"""Accounts as officers see them: who somebody is, masked; nothing to type into."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from perkeso.admin import ReadOnlyAdmin, column, flag_column, ic_column, moment_column
from perkeso.wording import masked_email, masked_phone


@column(_("Telefon"))
def phone(user: User) -> str:
    """Prefix and last four digits."""
    return masked_phone(user.phone)


@column(_("E-mel"))
def email(user: User) -> str:
    """First letter and domain."""
    return masked_email(user.email)


SHOWN = [
    "full_name",
    ic_column(""),
    phone,
    email,
    moment_column("created_at", _("Dicipta")),
    moment_column("opened_at", _("Dibuka")),
]


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    """Drivers, sign-ups and officers; phrase and password stand nowhere."""

    list_display = [*SHOWN, flag_column("is_staff", _("Pegawai"))]
    list_filter = ["is_staff", "is_active", ("opened_at", admin.EmptyFieldListFilter)]
    search_fields = ["ic_number_index__exact", "username__exact"]
    search_help_text = _("Nombor kad pengenalan, 12 angka, atau nama pengguna pegawai")
    ordering = ["-created_at", "-pk"]
    fields = [
        *list_display,
        "language",
        flag_column("is_active", _("Aktif")),
        flag_column("is_superuser", _("Pentadbir")),
    ]
