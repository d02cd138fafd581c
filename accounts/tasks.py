"""What accounts do after a commit: make and send codes, links and notices."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings

from accounts import sms
from accounts.models import AccountCase, Channel, Code, ContactChange, EmailLink, Purpose, User
from foundation import mail, outbox
from foundation.addresses import absolute
from foundation.audit import AuditEvent

SMS_LIMIT = timedelta(minutes=2)
MAIL_LIMIT = timedelta(minutes=15)
EXISTS_INTERVAL = timedelta(hours=1)  # strangers cannot fill an owner's mailbox
_LINKS = {
    EmailLink.Purpose.ACTIVATE: ("accounts/mail/activate", "accounts:open_link"),
    EmailLink.Purpose.RESET: ("accounts/mail/reset", "accounts:open_reset_link"),
    EmailLink.Purpose.NEW_EMAIL: ("accounts/mail/new_email", "accounts:open_new_email_link"),
    EmailLink.Purpose.UNDO: ("accounts/mail/undo", "accounts:open_undo_link"),
    EmailLink.Purpose.STOP: ("accounts/mail/stop", "accounts:open_stop_link"),
    EmailLink.Purpose.RECOVER: ("accounts/mail/recover", "accounts:open_recovery_link"),
}


@outbox.task(limit=SMS_LIMIT)
def send_code(pk: int, *, at: datetime) -> None:
    """Makes a requested code and sends it; its digits exist here and in the message only.

    Tried again it sends the same digits, and they live for as long after the last try.
    """
    code = Code.objects.select_related("device__user").filter(pk=pk, used_at=None).first()
    if code is None or code.device is None or _is_forgotten(code, at):
        return
    if (code.purpose, code.channel) == (Purpose.RESET, Channel.EMAIL):
        _mail_reset_link(code, at)
        return
    digits = code.device.generate_token(code, at=at)
    if code.channel == Channel.EMAIL:
        _mail(code.device.user, "accounts/mail/code", {"code": digits})
    else:
        words = {"code": digits}
        text = sms.render("accounts/sms/otp", words, language=code.device.user.language)
        sms.send(_phone(code), text)


def _mail_reset_link(code: Code, at: datetime) -> None:
    """Who forgot the password and reads the mailbox needs no code to be mailed a link."""
    assert code.device
    link, _is_new = EmailLink.objects.get_or_create(
        user=code.device.user, purpose=EmailLink.Purpose.RESET, requested_at=code.requested_at
    )
    _mail_link(link, at)


def _phone(code: Code) -> str:
    """Where a code goes: to the user's phone, or to the one that shall replace it."""
    if code.purpose == Purpose.NEW_PHONE:
        return str(ContactChange.objects.get(attempt=code.attempt).phone)
    assert code.device
    return str(code.device.user.phone)


def _is_forgotten(code: Code, at: datetime) -> bool:
    """True when no page can still be waiting for the code."""
    return at - code.requested_at > timedelta(seconds=settings.SESSION_COOKIE_AGE)


@outbox.task(limit=MAIL_LIMIT)
def send_email_link(pk: int, *, at: datetime) -> None:
    """Makes a requested link and mails it, unless a newer one was requested."""
    link = EmailLink.objects.unused().select_related("user", "contact_change").filter(pk=pk).first()
    if link is None or link.siblings.filter(pk__gt=pk).exists():
        return
    _mail_link(link, at)


def _mail_link(link: EmailLink, at: datetime) -> None:
    template, page = _LINKS[EmailLink.Purpose(link.purpose)]
    token = link.make_token(at)
    address = absolute(page, token, language=link.user.language)
    context = {"url": address, "expires_at": link.expires_at}
    _mail(link.user, template, context, to=link.address)


@outbox.task(limit=MAIL_LIMIT)
def send_account_exists(pk: int, *, at: datetime) -> None:
    """Tells an account's owner that somebody tried to sign up with their IC number."""
    owner = User.objects.opened().get(pk=pk)
    if owner.sign_up_told_at and at - owner.sign_up_told_at < EXISTS_INTERVAL:
        return
    pages = {
        name: absolute(f"accounts:{name}", language=owner.language)
        for name in ("log_in", "forgot_password")
    }
    _mail(owner, "accounts/mail/exists", pages)
    User.objects.filter(pk=pk).update(sign_up_told_at=at)


@outbox.task(limit=MAIL_LIMIT)
def send_password_changed(pk: int, *, at: datetime) -> None:
    _mail_event(pk, "accounts/mail/changed")


@outbox.task(limit=SMS_LIMIT)
def send_password_changed_sms(pk: int, *, at: datetime) -> None:
    """Says the same by SMS: whoever holds the mailbox may not be the owner."""
    sms.send_template(_subject(AuditEvent.objects.get(pk=pk)), "accounts/sms/changed", {})


@outbox.task(limit=MAIL_LIMIT)
def send_phrase_changed(pk: int, *, at: datetime) -> None:
    _mail_event(pk, "accounts/mail/phrase_changed")


@outbox.task(limit=SMS_LIMIT)
def send_phrase_changed_sms(pk: int, *, at: datetime) -> None:
    sms.send_template(_subject(AuditEvent.objects.get(pk=pk)), "accounts/sms/phrase_changed", {})


@outbox.task(limit=MAIL_LIMIT)
def send_contact_changed(pk: int, *, at: datetime) -> None:
    """Mails a new address that a change put it in, or took it out again."""
    change = ContactChange.objects.select_related("user").get(pk=pk)
    if change.email:
        _mail(change.user, f"accounts/mail/{_news(change)}", {"change": change}, to=change.email)


@outbox.task(limit=SMS_LIMIT)
def send_contact_changed_sms(pk: int, *, at: datetime) -> None:
    """Texts the new phone of a change, or the only one."""
    change = ContactChange.objects.select_related("user").get(pk=pk)
    _text(change, change.phone or change.old_phone)


@outbox.task(limit=SMS_LIMIT)
def send_contact_changed_old_sms(pk: int, *, at: datetime) -> None:
    """Texts the old phone of a change, if it has a new one."""
    change = ContactChange.objects.select_related("user").get(pk=pk)
    if change.phone:
        _text(change, change.old_phone)


def _text(change: ContactChange, phone: str) -> None:
    if phone:
        words = sms.render(f"accounts/sms/{_news(change)}", {}, language=change.user.language)
        sms.send(phone, words)


def _news(change: ContactChange) -> str:
    """The name of the message that is true by now."""
    return "contact_restored" if change.undone_at else "contact_changed"


@outbox.task(limit=MAIL_LIMIT)
def send_wrong_codes(pk: int, *, at: datetime) -> None:
    _mail(User.objects.get(pk=pk), "accounts/mail/wrong_codes", {})


@outbox.task(limit=MAIL_LIMIT)
def send_new_device(pk: int, *, at: datetime) -> None:
    _mail_event(pk, "accounts/mail/new_device")


@outbox.task(limit=SMS_LIMIT)
def send_case_cooling_off_sms(pk: int, *, at: datetime) -> None:
    """Texts the old phone that an officer will give its account another one, unless stopped."""
    case = AccountCase.objects.select_related("user").get(pk=pk)
    if case.status == AccountCase.Status.COOLING_OFF and case.user and case.user.phone:
        sms.send_template(case.user, "accounts/sms/case_cooling_off", {})


@outbox.task(limit=MAIL_LIMIT)
def send_account_closed(pk: int, *, at: datetime) -> None:
    """Mails that the account was closed."""
    user = User.objects.get(pk=pk)
    _mail(user, "accounts/mail/account_closed", {"at": user.closed_at})


@outbox.task(limit=SMS_LIMIT)
def send_account_closed_sms(pk: int, *, at: datetime) -> None:
    sms.send_template(User.objects.get(pk=pk), "accounts/sms/account_closed", {})


@outbox.task(limit=MAIL_LIMIT)
def send_corrected(pk: int, *, at: datetime) -> None:
    """Mails that the user's name or IC number was put right; the mail states neither."""
    _mail(User.objects.get(pk=pk), "accounts/mail/corrected", {})


@outbox.task(limit=SMS_LIMIT)
def send_corrected_sms(pk: int, *, at: datetime) -> None:
    sms.send_template(User.objects.get(pk=pk), "accounts/sms/corrected", {})


def _mail_event(pk: int, template: str) -> None:
    event = AuditEvent.objects.get(pk=pk)
    _mail(_subject(event), template, {"at": event.at})


def _subject(event: AuditEvent) -> User:
    return User.objects.get(pk=event.subject_id)


def _mail(user: User, template: str, context: Mapping[str, object], *, to: str = "") -> None:
    """Mails the user, or the address `to`."""
    words = {**context, "user": user}
    mail.send(to or str(user.email), template, words, language=user.language)
