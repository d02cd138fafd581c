"""The driver's own front pages: mode and dashboard."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def choose_mode(request: HttpRequest) -> HttpResponse:
    """In which role he uses the portal."""
    return render(request, "perkeso/choose_mode.html")


def dashboard(request: HttpRequest) -> HttpResponse:
    """Where he stands."""
    return render(request, "perkeso/dashboard.html")
