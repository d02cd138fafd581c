"""Known devices: browsers that proved themselves, from which no second code is asked."""

from datetime import datetime

from django.db import transaction

from accounts.models import KnownDevice, User
from accounts.models.known_device import KNOWN_DEVICE_LIFE
from accounts.models.secrets import new_secret, secret_hash


def remember_device(*, user: User, old_secret: str, at: datetime) -> KnownDevice:
    """Makes a browser a known device of `user` for thirty days; its cookie takes `secret`.

    The secret is always a new one, lest a cookie that somebody planted become a known device. The
    other people whom the browser knows (`old_secret`) move along: a couple may share a phone.
    """
    secret = new_secret()
    with transaction.atomic():
        theirs = KnownDevice.objects.good(at).with_secret(old_secret)
        theirs.exclude(user=user).update(secret_hash=secret_hash(secret))
        theirs.filter(user=user).delete()
        device = KnownDevice.objects.create(
            user=user,
            secret_hash=secret_hash(secret),
            created_at=at,
            expires_at=at + KNOWN_DEVICE_LIFE,
        )
    device.secret = secret
    return device


def forget_devices(*, user: User) -> None:
    user.known_devices.all().delete()
