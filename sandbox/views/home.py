"""The way in, what the exchange has done, and the pages for what is not there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sandbox import settings
from sandbox.models import CurrentScenario, FpxTransaction

SHOWN = 50


def home(request: HttpRequest) -> HttpResponse:
    """Links to everything."""
    context = {"portal_url": settings.PORTAL_URL, "current": CurrentScenario.now()}
    return render(request, "home.html", context)


def payments(request: HttpRequest) -> HttpResponse:
    """What reached the exchange, newest first, with the merchant's answers."""
    newest = FpxTransaction.objects.order_by("-pk").prefetch_related("deliveries")[:SHOWN]
    return render(request, "payments.html", {"payments": newest})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing has this address."""
    return render(request, "not_found.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """A mistake of ours."""
    return render(request, "broken.html", status=500)
