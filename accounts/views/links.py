"""Steps 6 and 7: the mailed link, which a GET does not use up, and phrase and password."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.secrets import CredentialsForm
from accounts.http import form_page, posted, see_other
from accounts.http.cookies import device_secret, remember
from accounts.http.session import facts
from accounts.models import EmailLink
from accounts.services import links as services
from accounts.services.limits import TooMany
from accounts.services.opening import AccountExists, is_taken, open_account

LinkView = Callable[[HttpRequest, EmailLink], HttpResponse]


@login_not_required
@require_safe
@never_cache
def open_link(request: HttpRequest, token: str, page: str) -> HttpResponse:
    """Moves a mailed link into a fresh session and goes to its page, whose address has no token.

    Nothing else changes: mail scanners follow links, too; only a POST there uses it up. The session
    keeps the link's row, not its token; an unknown token leaves none, and the page says so.
    """
    link = EmailLink.objects.with_token(token).first()
    facts(request).link = link.pk if link else None
    request.session.cycle_key()
    response = redirect(page)
    response.status_code = 303
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def carried_link(
    request: HttpRequest, purpose: EmailLink.Purpose | None = None
) -> EmailLink | None:
    """The link that this browser opened last, if it is for that purpose."""
    links = EmailLink.objects.select_related("user").filter(pk=facts(request).link or 0)
    return (links.filter(purpose=purpose) if purpose else links).first()


def link_page(
    purpose: EmailLink.Purpose,
) -> Callable[[LinkView], Callable[[HttpRequest], HttpResponse]]:
    """Makes a public page that a mailed link leads to: it is given the link, open at this moment.

    Without one, or when a link turns out to be closed by the time it is used, an honest page.
    """

    def make(view: LinkView) -> Callable[[HttpRequest], HttpResponse]:
        @login_not_required
        @require_http_methods(["GET", "HEAD", "POST"])
        @never_cache
        @sensitive_post_parameters()
        @wraps(view)
        def checked(request: HttpRequest) -> HttpResponse:
            link = carried_link(request, purpose)
            if link is None or link.why_closed(timezone.now()):
                return link_closed(request, link)
            try:
                return view(request, link)
            except services.ClosedLink:
                return see_other(request.path)  # which says so

        return checked

    return make


def link_closed(request: HttpRequest, link: EmailLink | None) -> HttpResponse:
    """The honest page of a link that does not open any more, shown by a GET."""
    if request.method == "POST":
        return see_other(request.path)
    reason = link.why_closed(timezone.now()) if link else "unknown"
    context = {"reason": reason, "link": link}
    return render(request, "accounts/link_closed.html", context)


def confirm_page(
    request: HttpRequest, link: EmailLink, *, heading: str, button: str, kind: str = ""
) -> HttpResponse:
    """What the link would do, with the button that does it."""
    context = {"link": link, "heading": heading, "button": button, "kind": kind}
    return render(request, "accounts/confirm_link.html", context)


@link_page(EmailLink.Purpose.ACTIVATE)
def set_credentials(request: HttpRequest, link: EmailLink) -> HttpResponse:
    """Step 7: phrase and password; the POST uses the link up and opens the account."""
    if is_taken(sign_up=link.user) and request.method != "POST":
        return render(request, "accounts/account_exists.html")
    form = CredentialsForm(posted(request), user=link.user)
    if form.is_valid():
        try:
            device = open_account(
                link_id=link.pk,
                phrase=form.cleaned_data["secret_phrase"],
                password=form.cleaned_data["password"],
                old_secret=device_secret(request),
                at=timezone.now(),
            )
        except AccountExists:
            return see_other(request.path)  # which says so
        logout(request)
        messages.success(request, _("Akaun anda sudah aktif. Log masuk untuk meneruskan"))
        return remember(redirect("accounts:log_in"), device)
    return form_page(request, "accounts/set_credentials.html", {"form": form, "person": link.user})


@login_not_required
@require_POST
def replace_link(request: HttpRequest) -> HttpResponse:
    """Sends a new link in the place of one that expired or was superseded."""
    link = carried_link(request)
    is_reset = link is not None and link.purpose == EmailLink.Purpose.RESET
    closed = see_other("accounts:new_password" if is_reset else "accounts:set_credentials")
    if link is None or link.used_at or not link.is_replaceable:
        return closed
    try:
        services.replace_link(link=link, at=timezone.now())
    except TooMany as error:
        messages.error(request, str(error))
        return closed
    return redirect("accounts:link_sent")


@login_not_required
@require_safe
@never_cache
def link_sent(request: HttpRequest) -> HttpResponse:
    """A new link is on its way to the same address."""
    link = carried_link(request)
    if link is None:
        return link_closed(request, link)
    return render(request, "accounts/link_sent.html", {"person": link.user})
