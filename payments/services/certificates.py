"""Watches the certificates that FPX signs with: without a valid one no payment can be credited."""

from datetime import datetime, timedelta

from foundation.alarms import Alarm, raise_alarm
from foundation.wording import local
from payments.fpx.signing import Certificate, trusted_certificates, unreadable_files

KIND = "fpx_certificate"
# PayNet hands the next one out well before; these are for an operator who has missed it.
WARNINGS = [timedelta(days=90), timedelta(days=30), timedelta(days=7)]


def watch_certificates(*, at: datetime) -> None:
    """Alarms once 90, 30 and 7 days before trust ends or has a gap, then at each look.

    A file that cannot be read may be the next certificate: it alarms at each look.
    """
    for name in unreadable_files():
        raise_alarm(KIND, f"unreadable {name}"[:80], at=at, detail="not an RSA certificate")
    last = _last_without_a_gap(at)
    if last is None:
        raise_alarm(KIND, "none is valid", at=at, detail="no payment can be verified")
        return
    due = [before for before in WARNINGS if last.valid_to - at <= before]
    if due:
        _alarm_once(f"{last.name} {min(due).days}", f"ends {local(last.valid_to):%Y-%m-%d}", at)


def _last_without_a_gap(at: datetime) -> Certificate | None:
    """The one up to whose end some certificate is valid at every moment from now on."""
    last = None
    for one in sorted(trusted_certificates(), key=lambda one: one.valid_from):
        covered_to = last.valid_to if last else at
        if one.valid_from <= covered_to < one.valid_to:
            last = one
    return last


def _alarm_once(key: str, detail: str, at: datetime) -> None:
    """An officer who has cleared it knows; the next warning is another alarm."""
    key = key[-80:]
    if not Alarm.objects.filter(kind=KIND, key=key).exists():
        raise_alarm(KIND, key, at=at, detail=detail)
