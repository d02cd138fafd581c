"""Where the notice after an act ("Nombor telefon anda telah ditukar") waits for the next page."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage


class NoticeStorage(CookieStorage):
    """Django's signed cookie under a name like those of our other cookies."""

    @property
    def cookie_name(self) -> str:  # type: ignore[override]
        """Under HTTPS a name that no other host can set."""
        return f"{settings.COOKIE_PREFIX}mesej"
