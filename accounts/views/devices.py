"""Where somebody is logged in, which browsers are known, and how to end either."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import UserRequest
from accounts.http.cookies import this_device_hash
from accounts.http.session import facts
from accounts.models import KnownDevice, LogIn
from accounts.services import sessions as services

_SHOWN = 20


@require_safe
def devices(request: UserRequest) -> HttpResponse:
    """Known devices, and the last log-ins."""
    at = timezone.now()
    context = {
        "known": KnownDevice.objects.for_user(request.user, at),
        "this_device": this_device_hash(request),
        "log_ins": LogIn.objects.for_user(request.user).with_is_open(at)[:_SHOWN],
        "this_log_in": facts(request).log_in,
    }
    return render(request, "accounts/devices.html", context)


@require_POST
def forget_device(request: UserRequest, pk: int) -> HttpResponse:
    """One browser becomes unknown again, and is logged out."""
    at = timezone.now()
    device = get_object_or_404(KnownDevice.objects.for_user(request.user, at), pk=pk)
    is_this = device.secret_hash == this_device_hash(request)
    services.forget_device(device=device, at=at)
    if is_this:
        return _log_out(request)
    messages.success(request, _("Peranti telah dikeluarkan"))
    return redirect("accounts:devices")


@require_POST
def end_log_in(request: UserRequest, pk: int) -> HttpResponse:
    """One log-in ends."""
    log_in = get_object_or_404(LogIn.objects.for_user(request.user), pk=pk)
    services.end_log_in(log_in=log_in, at=timezone.now())
    if log_in.pk == facts(request).log_in:
        return _log_out(request)
    messages.success(request, _("Peranti telah dilog keluar"))
    return redirect("accounts:devices")


@require_POST
def log_out_everywhere(request: UserRequest) -> HttpResponse:
    """Every session ends, this one too, and no browser is known any more."""
    services.end_everything(user=request.user, at=timezone.now())
    return _log_out(request)


def _log_out(request: UserRequest) -> HttpResponse:
    """This browser's session has ended with the others: it must not be saved again."""
    logout(request)
    messages.success(request, _("Anda telah log keluar"))
    return redirect("accounts:log_in")
