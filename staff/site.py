"""The site itself: who may enter, what its front page counts, how somebody is found."""

import re
from inspect import ismethod
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse  # noqa: TID251 (an edge)
from django.shortcuts import redirect  # noqa: TID251
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse, reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_otp.admin import OTPAdminSite

from accounts.http import UserRequest, network, too_many
from accounts.services import limits
from foundation.encryption import blind_index
from staff.forms.log_in import StaffLogInForm
from staff.sitting import note_refusal, sit_down
from staff.views import (
    account_cases,
    cases,
    corrections,
    exports,
    fresh_totp,
    pictures,
    receipts,
    recovery_codes,
    reveal,
    review,
    search,
    settlement,
)
from staff.waiting import waiting
from staff.words import speak_malay

SHOWN_APPS = {"foundation", "accounts", "registration", "contributions", "receipts", "payments"}
_IC_NUMBER = re.compile(r"[0-9]{12}")


class StaffSite(OTPAdminSite):  # type: ignore[misc]
    """Nobody enters without a confirmed authenticator."""

    name = "admin"
    site_header = site_title = _("Meja pegawai")
    index_title = _("Yang menunggu anda")
    site_url = None
    enable_nav_sidebar = False
    login_form = StaffLogInForm
    login_template = "admin/log_in.html"
    index_template = "admin/index.html"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)

    def register(self, model_or_iterable: Any, *args: Any, **options: Any) -> None:
        """Takes our own models only: the keys of authenticators are nobody's to read."""
        is_one = isinstance(model_or_iterable, type) and issubclass(model_or_iterable, Model)
        for model in [model_or_iterable] if is_one else model_or_iterable:
            if model._meta.app_label in SHOWN_APPS:
                super().register(model, *args, **options)
                inlines = getattr(self._registry.get(model), "inlines", [])
                for shown in [model, *(inline.model for inline in inlines)]:
                    speak_malay(shown)

    def get_urls(self) -> list[Any]:
        """Adds the search and the pages of acts; strangers are sent to the officers' log-in."""
        urls = [
            path("cari/", self.admin_view(self.find), name="find"),
            *review.urls(self),
            *pictures.urls(self),
            *corrections.urls(self),
            *receipts.urls(self),
            *account_cases.urls(self),
            *cases.urls(self),
            *settlement.urls(self),
            *search.urls(self),
            *exports.urls(self),
            *fresh_totp.urls(self),
            *reveal.urls(self),
            *recovery_codes.urls(self),
            *super().get_urls(),
        ]
        for view in _views(urls):
            if not ismethod(view) and getattr(view, "login_url", None) is None:
                view.login_url = reverse_lazy("admin:login")
        return urls

    @method_decorator(never_cache)
    @method_decorator(login_not_required)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Counts tries by name and network before a password is looked at."""
        if request.method != "POST":
            return self._log_in(request, extra_context)
        at = timezone.now()
        who = f"staff:{request.POST.get('username', '')}@{network(request)}"
        try:
            limits.take("password_tries", who, at=at)
        except limits.TooMany as refusal:
            return too_many(request, refusal.minutes)
        response = self._log_in(request, extra_context)
        if response.status_code == 302:
            limits.forget("password_tries", who)
            sit_down(cast(UserRequest, request), at)
        else:
            note_refusal(request, at)
        return response

    def _log_in(self, request: HttpRequest, extra_context: dict[str, Any] | None) -> HttpResponse:
        response: HttpResponse = super().login(request, extra_context)
        return response

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The desk: what waits, and the lists."""
        at = timezone.now()
        shown = [count for count in waiting(at) if request.user.has_perm(count.permission)]
        page: TemplateResponse = super().index(request, {**(extra_context or {}), "waiting": shown})
        return page

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Nothing at the desk is completed while it is typed: this would list rows a second way."""
        raise Http404

    @method_decorator(require_POST)
    def find(self, request: HttpRequest) -> HttpResponse:
        """Searches a list; an IC number becomes its blind index, so that no url holds it."""
        words = request.POST.get("q", "").strip()
        digits = re.sub(r"[\s-]", "", words)
        sought = blind_index("ic_number", digits) if _IC_NUMBER.fullmatch(digits) else words
        back = request.POST.get("list", "")
        if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
            back = reverse("admin:index")
        return redirect(f"{back}?{urlencode({'q': sought})}")


def _views(entries: list[URLPattern | URLResolver]) -> Any:
    """Every view below these routes."""
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield from _views(entry.url_patterns)
        else:
            yield entry.callback
