"""Codes by SMS: asking for one, and using it up. The digits are made by the worker alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import tasks
from accounts.models import Code, PhoneDevice, Purpose
from accounts.services import limits
from perkeso import outbox


class WrongCode(Exception):
    """No code of this attempt has these digits."""

    def __init__(self) -> None:
        super().__init__(_("Kod OTP tidak betul. Semak SMS terkini dan cuba lagi"))


class ExpiredCode(Exception):
    """The code was right but came too late; a new one is on its way."""

    def __init__(self) -> None:
        super().__init__(_("Kod OTP telah tamat tempoh. Kami telah menghantar kod baharu"))


@dataclass(frozen=True)
class CodeCheck:
    """One browser's attempt to prove a phone.

    `device` without a row is nobody's; `who` is what sends are counted by: the phone, or what was
    typed when nobody is known by it.
    """

    purpose: Purpose
    attempt: UUID
    device: PhoneDevice
    who: str

    @property
    def counted_as(self) -> str:
        """The name of its limits: each purpose has its own, so strangers cannot use up a log-in."""
        return f"{self.purpose}:{self.who}"


def request_code(check: CodeCheck, *, at: datetime) -> Code:
    """Records that a code is wanted, one a minute and five an hour; raises TooMany."""
    with transaction.atomic():
        limits.take("code_per_minute", check.counted_as, at=at)
        limits.take("code_per_hour", check.counted_as, at=at)
        code = Code.objects.create(
            device=check.device if check.device.pk else None,
            purpose=check.purpose,
            attempt=check.attempt,
            requested_at=at,
        )
        outbox.add(tasks.send_code, code.pk, at=at)
    return code


def request_code_once(check: CodeCheck, *, at: datetime) -> None:
    """Records that a code is wanted unless the same attempt asked just now; raises TooMany.

    A button pressed twice is one request: whoever comes second finds the first one's code.
    """
    just_asked = Code.objects.filter(
        device=check.device.pk,
        purpose=check.purpose,
        attempt=check.attempt,
        requested_at__gt=at - settings.LIMITS["code_per_minute"][1],
    )
    if just_asked.exists():
        return
    try:
        request_code(check, at=at)
    except limits.TooMany:
        if not just_asked.exists():
            raise


@contextmanager
def used_code(check: CodeCheck, digits: str, *, at: datetime) -> Iterator[None]:
    """Runs its block in the transaction that uses the code up.

    Raises TooMany after five wrong codes of an attempt, WrongCode, or ExpiredCode after asking for
    a new code. Tries are counted outside of the transaction, so that failing does not undo them.
    """
    limits.take("code_tries", str(check.attempt), at=at)
    _refuse_a_late_one(check, digits, at)
    with transaction.atomic():
        is_good = check.device.verify_token(
            digits, purpose=check.purpose, attempt=check.attempt, at=at
        )
        if not is_good:
            raise WrongCode
        _forget_tries(check)
        yield


def _refuse_a_late_one(check: CodeCheck, digits: str, at: datetime) -> None:
    is_late = check.device.has_expired_token(
        digits, purpose=check.purpose, attempt=check.attempt, at=at
    )
    if is_late:
        request_code(check, at=at)
        raise ExpiredCode


def _forget_tries(check: CodeCheck) -> None:
    """A code that was used shows that the phone's owner asked for it.

    Sign-ups still count for the hour: whoever owns a phone could else spend our SMS without end.
    """
    limits.forget("code_tries", str(check.attempt))
    limits.forget("code_per_minute", check.counted_as)
    if check.purpose != Purpose.SIGN_UP:
        limits.forget("code_per_hour", check.counted_as)
