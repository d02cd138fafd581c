"""The app's name and title."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Settling a contribution through FPX."""

    name = "payments"
    verbose_name = "Bayaran"
