"""The project package is an app of its own: outbox, alarms and audit have rows."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PerkesoConfig(AppConfig):
    """The floor that every app stands on."""

    name = "perkeso"
    verbose_name = "PERKESO"

    def ready(self) -> None:
        """Registers the checks of production settings."""
        from perkeso import checks  # noqa: F401, PLC0415 (checks need loaded apps)


class StaffAdminConfig(AdminConfig):
    """Makes the site behind TOTP the default admin site, so apps register on it unknowingly."""

    default_site = "perkeso.staff.StaffSite"
