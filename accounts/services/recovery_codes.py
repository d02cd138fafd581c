"""Recovery codes: ten at a time, shown once, each good for one log-in without the authenticator."""

import secrets
from datetime import datetime

from django.db import transaction
from django_otp.plugins.otp_static.models import StaticToken

from accounts.models import RecoveryDevice, User
from foundation import audit

MANY = 10
_DIGITS = 12


def make_recovery_codes(*, officer: User, at: datetime) -> list[str]:
    """Makes ten new codes of twelve digits; earlier ones are void. They can be told only now."""
    codes = [f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}" for _number in range(MANY)]
    with transaction.atomic():
        User.objects.select_for_update().get(pk=officer.pk)
        device, _is_new = RecoveryDevice.objects.get_or_create(user=officer, name="Kod pemulihan")
        device.token_set.all().delete()
        StaticToken.objects.bulk_create(
            StaticToken(device_id=device.pk, token=device.kept(code)) for code in codes
        )
        audit.record("recovery_codes_made", subject=officer, by=officer, at=at)
    return codes


def spaced(code: str) -> str:
    """A code as people copy it: in three groups."""
    return f"{code[:4]} {code[4:8]} {code[8:]}"


def count_recovery_codes(officer: User) -> int:
    return int(StaticToken.objects.filter(device__user=officer).count())
