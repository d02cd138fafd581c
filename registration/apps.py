"""The app's name and title."""

from django.apps import AppConfig


class RegistrationConfig(AppConfig):
    """Who may be insured, documents, the decision."""

    name = "registration"
    verbose_name = "Pendaftaran"
