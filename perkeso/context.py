"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest  # noqa: TID251 (a context processor is given the request)
from django.urls import translate_url


def page(request: HttpRequest) -> dict[str, Any]:
    """Whether the site is official, the page in both languages, and what the phone asks for."""
    here = request.get_full_path()
    return {
        "official_site": settings.OFFICIAL_SITE,
        "saves_data": request.headers.get("Save-Data") == "on",
        "session_warning_seconds": settings.SESSION_WARNING_SECONDS,
        "page_in_malay": translate_url(here, "ms"),
        "page_in_english": translate_url(here, "en"),
    }
