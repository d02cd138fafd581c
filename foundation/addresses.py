"""Addresses of our pages as they stand outside of them: in mails, calendars and on paper."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation


def absolute(page: str, *arguments: object, language: str = "ms") -> str:
    """The whole address of a page, by its url name, in the reader's language."""
    with translation.override(language):
        return str(settings.PORTAL_URL) + reverse(page, args=arguments)
