"""What accounts do after a commit: make and send codes, links and notices."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from accounts import sms
from accounts.models import Code, EmailLink, User
from perkeso import mail, outbox
from perkeso.audit import AuditEvent

SMS_LIMIT = timedelta(minutes=2)
MAIL_LIMIT = timedelta(minutes=15)
EXISTS_INTERVAL = timedelta(hours=1)  # strangers cannot fill an owner's mailbox
_LINKS = {
    EmailLink.Purpose.ACTIVATE: ("accounts/mail/activate", "accounts:open_link"),
    EmailLink.Purpose.RESET: ("accounts/mail/reset", "accounts:open_reset_link"),
}


@outbox.task(limit=SMS_LIMIT)
def send_code(pk: int, *, at: datetime) -> None:
    """Makes a requested code and sends it; its digits exist here and in the SMS only."""
    code = Code.objects.select_related("device__user").filter(pk=pk, used_at=None).first()
    if code is None or code.device is None or _is_forgotten(code, at):
        return
    digits = code.device.generate_token(code, at=at)
    sms.send_template(code.device.user, "accounts/sms/otp", {"code": digits})


def _is_forgotten(code: Code, at: datetime) -> bool:
    """True when no page can still be waiting for the code."""
    return at - code.requested_at > timedelta(seconds=settings.SESSION_COOKIE_AGE)


@outbox.task(limit=MAIL_LIMIT)
def send_email_link(pk: int, *, at: datetime) -> None:
    """Makes a requested link and mails it, unless a newer one was requested."""
    link = EmailLink.objects.unused().select_related("user").filter(pk=pk).first()
    if link is None or link.user.links.filter(purpose=link.purpose, pk__gt=pk).exists():
        return
    template, page = _LINKS[EmailLink.Purpose(link.purpose)]
    token = link.make_token(at)
    address = _address(page, token, language=link.user.language)
    _mail(link.user, template, {"url": address, "expires_at": link.expires_at})


@outbox.task(limit=MAIL_LIMIT)
def send_account_exists(pk: int, *, at: datetime) -> None:
    """Tells an account's owner that somebody tried to sign up with his IC number."""
    owner = User.objects.opened().get(pk=pk)
    if owner.sign_up_told_at and at - owner.sign_up_told_at < EXISTS_INTERVAL:
        return
    pages = {
        name: _address(f"accounts:{name}", language=owner.language)
        for name in ("log_in", "forgot_password")
    }
    _mail(owner, "accounts/mail/exists", pages)
    User.objects.filter(pk=pk).update(sign_up_told_at=at)


@outbox.task(limit=MAIL_LIMIT)
def send_password_changed(pk: int, *, at: datetime) -> None:
    """Mails that the password was changed, as the audit event `pk` says."""
    _mail_event(pk, "accounts/mail/changed")


@outbox.task(limit=SMS_LIMIT)
def send_password_changed_sms(pk: int, *, at: datetime) -> None:
    """Says the same by SMS: whoever holds the mailbox may not be the owner."""
    sms.send_template(_subject(AuditEvent.objects.get(pk=pk)), "accounts/sms/changed", {})


@outbox.task(limit=MAIL_LIMIT)
def send_new_device(pk: int, *, at: datetime) -> None:
    """Mails that somebody logged in from a new device, as the audit event `pk` says."""
    _mail_event(pk, "accounts/mail/new_device")


@outbox.task(limit=MAIL_LIMIT)
def send_corrected(pk: int, *, at: datetime) -> None:
    """Mails that the user's name or IC number was put right; the mail states neither."""
    _mail(User.objects.get(pk=pk), "accounts/mail/corrected", {})


@outbox.task(limit=SMS_LIMIT)
def send_corrected_sms(pk: int, *, at: datetime) -> None:
    """Says the same by SMS."""
    sms.send_template(User.objects.get(pk=pk), "accounts/sms/corrected", {})


def _mail_event(pk: int, template: str) -> None:
    event = AuditEvent.objects.get(pk=pk)
    _mail(_subject(event), template, {"at": event.at})


def _subject(event: AuditEvent) -> User:
    return User.objects.get(pk=event.subject_id)


def _mail(user: User, template: str, context: Mapping[str, object]) -> None:
    mail.send(str(user.email), template, {**context, "user": user}, language=user.language)


def _address(page: str, *arguments: str, language: str) -> str:
    with translation.override(language):
        return f"{settings.PORTAL_URL}{reverse(page, args=arguments)}"
