"""What contributions do after a commit: tell people that their cover ends."""

from datetime import datetime, timedelta
from typing import Any

from accounts import sms
from contributions.models import Reminder
from foundation import mail, outbox
from foundation.addresses import absolute


@outbox.task(limit=timedelta(minutes=15))
def send_reminder(pk: int, *, at: datetime) -> None:
    """Mails when cover ends and how to renew, if that is still news."""
    reminder = Reminder.objects.select_related("user").get(pk=pk)
    if reminder.user.email and reminder.is_news(at):
        language = reminder.user.language
        context = _words(reminder, at) | {"url": absolute("payments:renew", language=language)}
        mail.send(reminder.user.email, "contributions/mail/reminder", context, language=language)


@outbox.task(limit=timedelta(minutes=15))
def send_reminder_sms(pk: int, *, at: datetime) -> None:
    """Texts the same; it may wait longer than a code, for nobody looks at the phone for it."""
    reminder = Reminder.objects.select_related("user").get(pk=pk)
    if reminder.user.phone and reminder.is_news(at):
        sms.send_template(
            reminder.user,
            "contributions/sms/reminder",
            _words(reminder, at),
            reference=f"reminder-{pk}",
        )


def _words(reminder: Reminder, at: datetime) -> dict[str, Any]:
    has_ended = reminder.coverage_ends_at <= at
    return {"reminder": reminder, "user": reminder.user, "has_ended": has_ended}
