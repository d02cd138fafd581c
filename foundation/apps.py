"""The floor is an app, for outbox, alarms and audit trail have rows."""

from django.apps import AppConfig


class FoundationConfig(AppConfig):
    """It imports no other app."""

    name = "foundation"
    verbose_name = "PERKESO"
