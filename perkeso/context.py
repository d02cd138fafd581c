"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest  # noqa: TID251


def page(request: HttpRequest) -> dict[str, Any]:
    """Whether the site is official, and whether the phone asks to save data."""
    return {
        "official_site": settings.OFFICIAL_SITE,
        "saves_data": request.headers.get("Save-Data") == "on",
    }
