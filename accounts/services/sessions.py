"""Log-ins and sessions: kept for the driver to see, ended one by one or all together."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import KnownDevice, LogIn, Session, User
from accounts.services import persons
from foundation import audit


def record_log_in(*, user: User, device: KnownDevice | None, browser: str, at: datetime) -> LogIn:
    """Keeps that somebody logged in; `browser` is its name, such as "Chrome, Android"."""
    return LogIn.objects.create(user=user, device=device, browser=browser, at=at)


def end_sessions(*, user: User, but: str | None = None, but_log_in: int | None = None) -> None:
    """Ends every session of `user`, except the one with the key `but` and that of a log-in."""
    others = Session.objects.filter(user_id=user.pk).exclude(session_key=but or "")
    _end(others.exclude(log_in_id=but_log_in) if but_log_in else others)


def end_log_in(*, log_in: LogIn, at: datetime) -> None:
    """Ends the session that a log-in began; one that has ended already stays ended."""
    _end(Session.objects.filter(user_id=log_in.user_id, log_in_id=log_in.pk))
    audit.record("log_in_ended", subject=log_in.user, by=log_in.user, at=at, log_in=log_in.pk)


@transaction.atomic
def forget_device(*, device: KnownDevice, at: datetime) -> None:
    """Makes one browser unknown again and ends the sessions that it began."""
    persons.lock_account(device.user_id)
    begun = list(device.log_ins.values_list("pk", flat=True))
    _end(Session.objects.filter(user_id=device.user_id, log_in_id__in=begun))
    audit.record("device_forgotten", subject=device.user, by=device.user, at=at, device=device.pk)
    device.delete()


@transaction.atomic
def end_everything(*, user: User, at: datetime) -> None:
    """Logs `user` out everywhere and makes all their browsers unknown."""
    persons.lock_account(user.pk)
    user.known_devices.all().delete()
    end_sessions(user=user)
    audit.record("logged_out_everywhere", subject=user, by=user, at=at)


def _end(sessions: QuerySet[Session]) -> None:
    """Whoever has one of them is out from the next page on."""
    sessions.delete()
