"""An honest page for everything that goes wrong: the driver's, or the desk's."""

import logging
import sys
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import requires_csrf_token

from foundation import origin
from foundation.alarms import raise_alarm

log = logging.getLogger(__name__)
# What the desk says, by the name of the driver's page.
AT_THE_DESK = {
    "400": (
        _("Permintaan ini tidak dapat difahami"),
        _("Kembali ke halaman sebelum ini dan cuba sekali lagi."),
    ),
    "403": (
        _("Anda tidak dibenarkan membuka halaman ini"),
        _("Kumpulan anda tiada kebenaran untuk halaman ini. Tanya pentadbir jika perlu."),
    ),
    "403_csrf": (
        _("Halaman ini sudah lama dibuka"),
        _("Kembali, muat semula halaman itu dan cuba lagi. Pastikan kuki dibenarkan."),
    ),
    "404": (
        _("Halaman tidak dijumpai"),
        _("Tiada rekod di alamat ini. Cari semula daripada meja pegawai."),
    ),
    "413": (
        _("Fail terlalu besar"),
        _("Setiap fail mesti lebih kecil daripada 10 MB. Kembali dan pilih fail yang lebih kecil."),
    ),
    "500": (
        _("Maaf, ada masalah dengan perkhidmatan ini"),
        _("Cuba lagi sebentar lagi. Sebelum mengulang perbuatan, semak sejarahnya."),
    ),
    "503": (
        _("Maaf, perkhidmatan ini tidak tersedia"),
        _("Cuba lagi dalam beberapa minit. Sebelum mengulang perbuatan, semak sejarahnya."),
    ),
}


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request makes no sense; 413 when Django finds that it holds too much."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return too_large(request)
    return _page(request, "400", 400)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the page is somebody else's."""
    return _page(request, "403", 403)


@login_not_required
@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the page was open for too long, or cookies are off."""
    return _page(request, "403_csrf", 403)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: there is no such page, or it is somebody else's."""
    return _page(request, "404", 404)


def too_large(request: HttpRequest) -> HttpResponse:
    """413: more was sent than a page takes."""
    return _bare_page(request, "413", 413)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; 503 while the database is away. The page asks nothing of what is broken."""
    if isinstance(sys.exception(), OperationalError):
        return unavailable(request)
    number = origin.current.get().request_id
    _alarm(request, number)
    return _bare_page(request, "500", 500, number=number)


def _alarm(request: HttpRequest, number: str) -> None:
    """One alarm a page; its detail names the kind of fault and the request, as the log does."""
    page = request.resolver_match.view_name if request.resolver_match else ""
    fault = type(sys.exception()).__name__
    try:
        raise_alarm("server_error", page[:80], at=timezone.now(), detail=f"{fault} {number}")
    except DatabaseError:
        log.exception("no alarm could be raised about %s", number)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: a part of the portal is down for now."""
    response = _bare_page(request, "503", 503)
    response["Retry-After"] = "60"
    return response


def _page(request: HttpRequest, name: str, status: int) -> HttpResponse:
    """The page of a fault for whoever asked, in the frame of the pages around it."""
    if not _is_at_the_desk(request):
        return render(request, f"{name}.html", status=status)
    if not hasattr(request, "user"):  # refused before anybody asked who it is
        return _bare_page(request, name, status)
    context = admin.site.each_context(request) | _words(name)
    return render(request, "admin/error.html", context, status=status)


def _bare_page(request: HttpRequest, name: str, status: int, **said: str) -> HttpResponse:
    """A page that asks for no session, user or database; `said` stands on it."""
    is_desk = _is_at_the_desk(request)
    page = get_template("admin/error.html" if is_desk else f"{name}.html")
    return HttpResponse(page.render({**said, **(_words(name) if is_desk else {})}), status=status)


def _is_at_the_desk(request: HttpRequest) -> bool:
    return request.path_info.startswith(f"/{settings.STAFF_PATH}")


def _words(name: str) -> dict[str, Any]:
    title, words = AT_THE_DESK[name]
    site = admin.site
    frame = {"site_header": site.site_header, "site_title": site.site_title}
    return {"title": title, "words": words, **frame}
