"""The door that gunicorn opens."""

import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

from perkeso.keys import refuse_wrong_keys
from perkeso.readable import read_as_utf_8, read_cookies_once

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "perkeso.settings")
refuse_wrong_keys()
_portal = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Every request, as Django can read it."""
    read_cookies_once(environ)
    read_as_utf_8(environ)
    return _portal(environ, start_response)
