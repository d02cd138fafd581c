"""The dashboard's reference: a page that only looks up its session and user.

It is a settings module, a urlconf and the view in one, run as
`DJANGO_SETTINGS_MODULE=development.bench.bare`.
"""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from perkeso.settings import *  # noqa: F403

ROOT_URLCONF = "development.bench.bare"
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]


def whoami(request: HttpRequest) -> HttpResponse:
    """Says who is signed in."""
    return HttpResponse(request.user.get_username())


urlpatterns = [path("", whoami)]
