"""A browser without a screen, for tests of pages."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.test import Client


class Browser(Client):
    """Django's, that shows a form again as a browser does: by a GET, which a POST leads to.

    No page of a driver's answers a POST itself: pressing Back would ask to send it again. The desk
    is none of theirs, nor are the addresses that machines call.
    """

    def post(self, path: str, *args: Any, **kwargs: Any) -> Any:
        """Follows to the same page alone; wherever else it leads is the test's to look at."""
        response = super().post(path, *args, **kwargs)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and response.status_code == HTTPStatus.OK and not self._is_apart(path):
            if kwargs.get("follow"):
                return response
            raise AssertionError(f"{path} answers a POST with a page")
        if response.status_code != HTTPStatus.SEE_OTHER or path.startswith("/bayaran/fpx/"):
            return response
        return self.get(response.url, headers=kwargs.get("headers"))

    @staticmethod
    def _is_apart(path: str) -> bool:
        return path.startswith((f"/{settings.STAFF_PATH}", "/bayaran/fpx/", "/pegawai/"))
