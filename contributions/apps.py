"""The app's name and title."""

from django.apps import AppConfig


class ContributionsConfig(AppConfig):
    """Plans, what is owed, the coverage period."""

    name = "contributions"
    verbose_name = "Caruman"
