"""The page on which a code is typed, and the one that sends another: of every flow with a code."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms.secrets import CodeForm
from accounts.http import form_page, posted, see_other
from accounts.models import Channel, ContactChange, User
from accounts.services.codes import (
    CodeCheck,
    CodeState,
    ExpiredCode,
    WrongCode,
    page_state,
    request_code,
)
from accounts.services.limits import TooMany

Request = TypeVar("Request", bound=HttpRequest)
View = Callable[[Any], HttpResponse]


class CodeStep(Generic[Request]):
    """One browser at these pages. Each flow says whose code it is, and what a right one does.

    `person` is who is reached, and None where a page must not tell whether anybody is.
    """

    form_class: ClassVar[type[CodeForm]] = CodeForm
    # Names of pages: type the code, send another, send it by mail, back, and away from it all.
    page: ClassVar[str]
    again: ClassVar[str]
    by_email: ClassVar[str] = ""
    back: ClassVar[str]
    cancel: ClassVar[str] = ""
    heading: ClassVar[Promise] = _("Semak telefon anda")
    mailed_heading: ClassVar[Promise] = _("Semak e-mel anda")
    before: ClassVar[Promise | str] = ""
    after_mailed: ClassVar[Promise | str] = ""
    button: ClassVar[Promise] = _("Seterusnya")
    sent: ClassVar[Promise] = _("Kami telah menghantar kod baharu")
    mailed: ClassVar[Promise] = sent

    def __init__(
        self, request: Request, check: CodeCheck, person: User | ContactChange | None
    ) -> None:
        self.request, self.check, self.person = request, check, person

    def state(self, at: datetime) -> CodeState:
        return page_state(self.check, at=at)

    def confirm(self, form: CodeForm, at: datetime) -> HttpResponse:
        """Takes the code and goes on; raises TooMany, WrongCode and ExpiredCode."""
        raise NotImplementedError

    def send(self, channel: Channel, at: datetime) -> None:
        """Asks for another code; raises TooMany."""
        request_code(self.check, at=at, channel=channel)

    def type_code(self) -> HttpResponse:
        """The code; what is wrong with it stands beside it."""
        form = self.form_class(posted(self.request))
        if form.is_valid():
            try:
                return self.confirm(form, timezone.now())
            except (TooMany, WrongCode, ExpiredCode) as error:
                form.add_error("code", str(error))
        context = {"form": form, "step": self, "state": self.state(timezone.now())}
        return form_page(self.request, "accounts/code.html", context)

    def send_again(self, channel: Channel) -> HttpResponse:
        """Another code by `channel`, if that is offered; a GET asks which."""
        at = timezone.now()
        state = self.state(at)
        if self.request.method == "POST" and (channel == Channel.SMS or state.may_be_mailed):
            try:
                self.send(channel, at)
                return self.has_sent(channel)
            except TooMany as error:
                if not state.wait:  # which the page tells
                    messages.error(self.request, str(error))
        if self.request.method == "POST":
            return see_other(self.again)
        context = {"step": self, "state": state}
        return render(self.request, "accounts/code_again.html", context)

    def has_sent(self, channel: Channel) -> HttpResponse:
        """Back to the code, with the news."""
        words = self.mailed if channel == Channel.EMAIL else self.sent
        messages.success(self.request, str(words))
        return redirect(self.page)


# Finds the step of a browser, or says where it goes without one.
Find = Callable[[Any], CodeStep[Any] | HttpResponse]


def code_page(find: Find) -> View:
    """The view that takes a flow's code."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @never_cache
    @sensitive_post_parameters()
    def type_code(request: HttpRequest) -> HttpResponse:
        step = find(request)
        return step if isinstance(step, HttpResponse) else step.type_code()

    return type_code


def code_again_page(find: Find) -> View:
    """The view for whom no code came: another one, to the same number."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @never_cache
    @sensitive_post_parameters()
    def send_again(request: HttpRequest) -> HttpResponse:
        step = find(request)
        return step if isinstance(step, HttpResponse) else step.send_again(Channel.SMS)

    return send_again


def code_by_email_page(find: Find) -> View:
    """The view for whom still no code came: one by e-mail."""

    @require_POST
    @never_cache
    def send_by_email(request: HttpRequest) -> HttpResponse:
        step = find(request)
        return step if isinstance(step, HttpResponse) else step.send_again(Channel.EMAIL)

    return send_by_email
