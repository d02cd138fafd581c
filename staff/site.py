"""The site itself: who may enter, what its front page counts, how somebody is found."""

import re
from datetime import datetime
from inspect import ismethod
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse  # noqa: TID251 (an edge)
from django.shortcuts import redirect, render  # noqa: TID251
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse, reverse_lazy
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp.admin import OTPAdminSite

from accounts.http import UserRequest, posted
from accounts.http.again import show_again
from accounts.http.cookies import device_secret, remember, sign_for
from accounts.http.guards import own_path
from accounts.http.sender import network
from accounts.http.session import facts
from accounts.services import devices, limits, officer_log_in
from accounts.views.unsent import unsent_input
from foundation.encryption import blind_index
from staff import pages, views  # noqa: F401 (declares its pages)
from staff.forms.log_in import StaffLogInForm
from staff.session import begin_staff_session
from staff.views import own_password
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
            *pages.urls(self),
            *super().get_urls(),
        ]
        for view in _views(urls):
            if not ismethod(view) and getattr(view, "login_url", None) is None:
                view.login_url = reverse_lazy("admin:login")
        return urls

    @method_decorator(never_cache)
    @method_decorator(sensitive_post_parameters())
    @method_decorator(login_not_required)
    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Name, password and digits on one page; nothing tells which of them was wrong."""
        back = own_path(request, request.POST.get("next") or request.GET.get("next", ""))
        back = back or reverse("admin:index")
        if request.method != "POST" and self.has_permission(request):
            return redirect(back)
        form = StaffLogInForm(posted(request))
        answer = self._enter(request, form, back) if form.is_valid() else None
        if answer:
            return answer
        context = {**self.each_context(request), "title": _("Log masuk"), "form": form}
        context |= {"app_path": request.get_full_path(), "next": back}
        status = 429 if form.has_error(NON_FIELD_ERRORS, "too_many") else 200
        return render(request, "admin/log_in.html", context, status=status)

    def _enter(self, request: HttpRequest, form: StaffLogInForm, back: str) -> HttpResponse | None:
        """Lets the officer in, and knows the browser from then on; or says in the form why not."""
        at = timezone.now()
        old_secret = device_secret(request)
        try:
            proof = officer_log_in.authenticate_officer(
                username=form.cleaned_data["username"],
                password=form.cleaned_data["password"],
                digits=form.cleaned_data["otp_token"],
                device_secret=old_secret,
                network=network(request),
                at=at,
            )
        except officer_log_in.WrongAnswers as refusal:
            form.add_error(None, str(refusal))
        except limits.TooMany as refusal:
            words = _("Kod pemulihan masih diterima.")
            form.add_error(None, ValidationError(f"{refusal}. {words}", code="too_many"))
        else:
            begin_staff_session(request, proof, at)
            device = devices.remember_device(user=proof.user, old_secret=old_secret, at=at)
            onward = _unsent_again(request, at) or redirect(back)
            return remember(sign_for(onward, proof.user), device)
        return None

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """An officer's own, on a page of ours."""
        page: HttpResponse = own_password.change_password(request)
        return page

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
        back = own_path(request, request.POST.get("list", "")) or reverse("admin:index")
        return redirect(f"{back}?{urlencode({'q': sought})}")


def _unsent_again(request: HttpRequest, at: datetime) -> HttpResponse | None:
    """To the page whose session had ended, with what this officer had typed there."""
    kept = unsent_input(cast(UserRequest, request), at)
    if kept is None:
        return None
    facts(request).unsent = None
    typed: MultiValueDict[str, str] = MultiValueDict()
    for name, value in kept["fields"]:
        typed.appendlist(name, value)
    words = _("Sesi anda telah tamat sebelum ini dihantar. Semak, kemudian hantar sekali lagi.")
    messages.warning(request, words)
    return show_again(request, kept["path"], typed, {})


def _views(entries: list[URLPattern | URLResolver]) -> Any:
    """Every view below these routes."""
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield from _views(entry.url_patterns)
        else:
            yield entry.callback
