"""Pages that see every app, or none."""

from perkeso.views.driver import choose_mode, dashboard
from perkeso.views.errors import (
    bad_request,
    csrf_failure,
    forbidden,
    not_found,
    server_error,
    too_large,
    unavailable,
)
from perkeso.views.pages import (
    accessibility,
    contact,
    disclaimer,
    help,
    home,
    privacy,
    session_ended,
)
from perkeso.views.reports import sms_report

__all__ = [
    "accessibility",
    "bad_request",
    "choose_mode",
    "contact",
    "csrf_failure",
    "dashboard",
    "disclaimer",
    "forbidden",
    "help",
    "home",
    "not_found",
    "privacy",
    "server_error",
    "session_ended",
    "sms_report",
    "too_large",
    "unavailable",
]
