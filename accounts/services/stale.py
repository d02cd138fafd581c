"""Forgetting: sign-ups that nobody opened, and what codes, sessions and log-ins leave behind."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Code, ContactChange, EmailLink, KnownDevice, LogIn, Session, Tally, User

SIGN_UP_LIFE = timedelta(days=7)

_KEPT = timedelta(days=30)  # used codes and links answer questions for a month
_LOG_INS_KEPT = timedelta(days=180)
_CHANGES_KEPT = timedelta(days=365)


def drop_stale_sign_ups(*, at: datetime) -> int:
    """Deletes sign-ups older than SIGN_UP_LIFE with all that is theirs; returns how many."""
    stale = User.objects.sign_ups().filter(created_at__lt=at - SIGN_UP_LIFE)
    with transaction.atomic():
        how_many = stale.count()
        stale.delete()
        Code.objects.filter(requested_at__lt=at - _KEPT).delete()
        EmailLink.objects.filter(requested_at__lt=at - _KEPT).delete()
        KnownDevice.objects.exclude(pk__in=KnownDevice.objects.good(at)).delete()
        LogIn.objects.filter(at__lt=at - _LOG_INS_KEPT).delete()
        ContactChange.objects.filter(requested_at__lt=at - _CHANGES_KEPT).delete()
        Tally.objects.filter(started_at__lt=at - timedelta(days=1)).delete()
    return how_many


def drop_ended_sessions(*, at: datetime) -> int:
    """Deletes sessions that have run out; returns how many.

    Often, for anybody may begin as many as they like: a night's worth would fill the disk.
    """
    ended, _rows = Session.objects.filter(expire_date__lte=at).delete()
    return int(ended)
