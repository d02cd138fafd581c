"""Watches the certificates that FPX signs with: without a valid one no payment can be credited."""

from datetime import datetime, timedelta

from payments.fpx.signing import trusted_certificates, unreadable_files
from perkeso.alarms import Alarm, raise_alarm
from perkeso.wording import local

KIND = "fpx_certificate"
# PayNet hands the next one out well before; these are for an operator who has missed it.
WARNINGS = [timedelta(days=90), timedelta(days=30), timedelta(days=7)]


def watch_certificates(*, at: datetime) -> None:
    """Alarms once 90, 30 and 7 days before the last trusted certificate ends, then at each look.

    A file that cannot be read may be the next certificate: it alarms at each look.
    """
    for name in unreadable_files():
        raise_alarm(KIND, f"unreadable {name}"[:80], at=at, detail="not an RSA certificate")
    last = max(trusted_certificates(), key=lambda one: one.valid_to, default=None)
    if last is None or last.valid_to <= at:
        raise_alarm(KIND, "none is valid", at=at, detail="no payment can be verified")
        return
    due = [before for before in WARNINGS if last.valid_to - at <= before]
    if due:
        _alarm_once(f"{last.name} {min(due).days}", f"ends {local(last.valid_to):%Y-%m-%d}", at)


def _alarm_once(key: str, detail: str, at: datetime) -> None:
    """An officer who has cleared it knows; the next warning is another alarm."""
    key = key[-80:]
    if not Alarm.objects.filter(kind=KIND, key=key).exists():
        raise_alarm(KIND, key, at=at, detail=detail)
