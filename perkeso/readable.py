"""What a request must be so that every page can read it; one place, before all pages.

PostgreSQL takes no NUL, and Django takes every charset that Python knows, such as "hex" and
"undefined": either would be a 500 on whichever page reads it first.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse  # noqa: TID251 (an edge)
from django.utils.http import parse_header_parameters

NUL = "\0"
# A boundary has 70 letters at most; to read a header of thousands of semicolons costs a second.
LONGEST_CONTENT_TYPE = 1000


def read_cookies_once(environ: dict[str, Any]) -> None:
    """Takes the backslashes from a WSGI request's cookies; none of ours has one.

    Python reads what stands behind each of them anew (before 3.11.10, which Debian lacks): 30 KB of
    them held a thread of every page, the bank's too, for three seconds.
    """
    if "HTTP_COOKIE" in environ:
        environ["HTTP_COOKIE"] = environ["HTTP_COOKIE"].replace("\\", "")


def read_as_utf_8(environ: dict[str, Any]) -> None:
    """Takes from a WSGI request's content type what claims another charset than ours.

    Forms of ours are UTF-8. Django reads the header before any middleware, so this comes earlier.
    """
    claimed = environ.get("CONTENT_TYPE", "")
    if len(claimed) > LONGEST_CONTENT_TYPE:
        environ["CONTENT_TYPE"] = ""
        return
    try:
        kind, parameters = parse_header_parameters(claimed)
    except (LookupError, ValueError):
        environ["CONTENT_TYPE"] = ""
        return
    if "charset" in parameters:
        boundary = parameters.get("boundary", "")
        environ["CONTENT_TYPE"] = f'{kind}; boundary="{boundary}"' if boundary else kind


class ReadableMiddleware:
    """Answers 400 to an address with a NUL in it, and forgets a cookie that holds one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = unquote_to_bytes(request.META.get("QUERY_STRING", ""))
        if NUL in request.path_info or NUL.encode() in query:
            raise BadRequest("a NUL in the address")
        for name in [name for name, value in request.COOKIES.items() if NUL in value]:
            del request.COOKIES[name]
        return self.get_response(request)
