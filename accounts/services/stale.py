"""Forgetting: sign-ups that nobody opened, and codes, links, devices and tallies past their use."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts.models import Code, EmailLink, KnownDevice, Tally, User

_KEPT = timedelta(days=30)  # used codes and links answer questions for a month


def drop_stale_sign_ups(*, at: datetime) -> int:
    """Deletes sign-ups older than SIGN_UP_LIFE with all that is theirs; returns how many."""
    stale = User.objects.sign_ups().filter(created_at__lt=at - settings.SIGN_UP_LIFE)
    with transaction.atomic():
        how_many = stale.count()
        stale.delete()
        Code.objects.filter(requested_at__lt=at - _KEPT).delete()
        EmailLink.objects.filter(requested_at__lt=at - _KEPT).delete()
        KnownDevice.objects.exclude(pk__in=KnownDevice.objects.good(at)).delete()
        Tally.objects.filter(started_at__lt=at - timedelta(days=1)).delete()
    return how_many
