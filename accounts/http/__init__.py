"""What pages read from a request and write to an answer."""

from django.http import HttpRequest, QueryDict

from accounts.models import User


class UserRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: a POST's fields, even none; nothing otherwise."""
    return request.POST if request.method == "POST" else None
