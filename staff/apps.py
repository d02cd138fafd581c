"""The desk as an app, and as Django's default admin site."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class StaffConfig(AppConfig):
    """The desk's own pages and its groups of officers."""

    name = "staff"
    verbose_name = "PERKESO"


class StaffAdminConfig(AdminConfig):
    """Makes the site behind TOTP the default admin site, so apps register on it unknowingly."""

    default_site = "staff.site.StaffSite"
