"""The roof is an app, so that its checks, jobs and tasks are found."""

from django.apps import AppConfig


class PerkesoConfig(AppConfig):
    """Sees every app and has no rows of its own."""

    name = "perkeso"
    verbose_name = "PERKESO"

    def ready(self) -> None:
        from perkeso import checks  # noqa: F401, PLC0415 (checks need loaded apps)
