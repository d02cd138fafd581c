"""What browsers may do with the pages."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from sandbox import settings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "form-action 'self' {origin} {bank}; frame-ancestors 'none'; base-uri 'none'"
)


def strict_pages(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Lets pages load only our own files and send forms only here or back to the merchant."""
    policy = POLICY.format(origin=settings.RETURN_ORIGIN, bank=settings.BANK_URL)

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware
