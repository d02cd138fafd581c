"""What pages read from a request and write to an answer."""

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from accounts.http.again import form_page, see_other, take_again
from accounts.models import User

__all__ = ["UserRequest", "form_page", "posted", "see_other"]


class UserRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User


def posted(request: HttpRequest) -> MultiValueDict[str, str] | None:
    """What a form is bound to: a POST's fields, even none, or what its page shows again."""
    if request.method == "POST":
        return request.POST
    return take_again(request) if request.method == "GET" else None
