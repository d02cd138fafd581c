"""The app's name and title."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who you are: IC number, codes, secret phrase, password."""

    name = "accounts"
    verbose_name = "Akaun"
