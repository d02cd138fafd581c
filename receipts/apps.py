"""The app's name and title."""

from django.apps import AppConfig


class ReceiptsConfig(AppConfig):
    """The proof, and the moment cover begins."""

    name = "receipts"
    verbose_name = "Resit"
