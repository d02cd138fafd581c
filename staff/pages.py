"""How a page of the desk is declared: its address, who may open it, and what else it asks, once.

Whatever a view states is what the site serves; there is no second list to keep in step.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib import admin
from django.contrib.auth.decorators import permission_required, user_passes_test
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from accounts.http.guards import fresh_totp_required

View = TypeVar("View", bound=Callable[..., Any])
READ = ("GET", "HEAD")
SEND = ("POST",)
READ_AND_SEND = (*READ, *SEND)


@dataclass(frozen=True)
class DeskPage:
    """One address below the desk's; `view` asks for all that it was declared with."""

    route: str
    name: str
    view: Callable[..., Any]


PAGES: list[DeskPage] = []


def desk_page(
    route: str,
    *,
    name: str,
    permission: str | Callable[[Any], bool],
    methods: tuple[str, ...] = READ_AND_SEND,
    fresh_digits: bool = False,
) -> Callable[[View], View]:
    """Serves the view at `route` as `admin:name`, to officers alone.

    `permission` is what the officer's group must have, or a test of the officer; whoever fails it
    gets 403. With `fresh_digits` the authenticator's digits of the last five minutes are asked for
    first: for whatever shows an IC number whole, exports, or gives money back.
    """

    def declared(view: View) -> View:
        guarded: Callable[..., Any] = fresh_totp_required(view) if fresh_digits else view
        guarded = require_http_methods(methods)(guarded)
        PAGES.append(DeskPage(route, name, _may_open(permission)(guarded)))
        return view

    return declared


def every_officer(_officer: Any) -> bool:
    """For a page about the officer's own log-in: the site has asked who it is."""
    return True


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """The declared pages; the site shows its log-in to whoever is no officer."""
    return [path(page.route, site.admin_view(page.view), name=page.name) for page in PAGES]


def _may_open(permission: str | Callable[[Any], bool]) -> Callable[..., Any]:
    if isinstance(permission, str):
        return permission_required(permission, raise_exception=True)
    return user_passes_test(permission)
