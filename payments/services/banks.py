"""Keeps FPX's list of banks; names are ours."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, Subquery

from accounts.models import User
from foundation.alarms import raise_alarm
from payments.gateway import Unreachable, Unreadable, Unverified, gateway
from payments.models import Bank, Payment

# A bank list older than the first may be out of date; one older than the second is no list.
BANK_LIST_FRESH = timedelta(minutes=15)
BANK_LIST_LIFE = timedelta(hours=24)


class NoBankList(Exception):
    """FPX gives no list of banks, and the last one is too old to go by."""


def refresh_banks(*, at: datetime, timeout: float | None = None) -> list[Bank]:
    """Asks FPX (BE) which banks take part and which are online; returns the banks as kept.

    When FPX cannot tell, the last list stays, and an alarm is raised once it is out of date.
    """
    seconds = settings.FPX_TIMEOUT_SECONDS if timeout is None else timeout
    try:
        listed = gateway.list_channels(timeout=seconds, at=at)
    except (Unreachable, Unreadable, Unverified) as error:
        _alarm_when_stale(at, f"{type(error).__name__}: {error}")
    else:
        _keep(listed, at)
    return list(Bank.objects.all())


def banks_on_offer(*, user: User, at: datetime) -> list[Bank]:
    """The banks to choose from; asks FPX only when there is no list to go by. Raises NoBankList."""
    if listed := listed_banks(user=user, at=at):
        return listed
    refresh_banks(at=at, timeout=settings.FPX_PAGE_TIMEOUT_SECONDS)
    if listed := listed_banks(user=user, at=at):
        return listed
    raise NoBankList


def listed_banks(*, user: User, at: datetime) -> list[Bank]:
    """The banks of the last list, by name as a reader sorts them, offline ones among them.

    The one of the payer's last attempt comes first, while it is online, then those that many have.
    """
    last = Payment.objects.for_user(user).order_by("-started_at").values("bank_id")[:1]
    is_last = Q(is_online=True, bank_id=Subquery(last))
    listed_now = Bank.objects.listed_since(at - BANK_LIST_LIFE)
    listed = list(listed_now.annotate(is_last=is_last))  # type: ignore[no-redef]  # or the default
    return sorted(listed, key=_place)


def _place(bank: Bank) -> tuple[bool, bool, str]:
    return not bank.is_last, not gateway.is_popular(bank.bank_id), bank.name.casefold()


@transaction.atomic
def _keep(listed: Mapping[str, bool], at: datetime) -> None:
    rows = [
        Bank(bank_id=bank_id, name=gateway.name_of(bank_id), is_online=is_online, listed_at=at)
        for bank_id, is_online in sorted(listed.items())
    ]
    Bank.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["bank_id"],
        update_fields=["name", "is_online", "listed_at"],
    )
    Bank.objects.exclude(bank_id__in=listed).delete()
    for bank_id in listed:
        if not gateway.is_known(bank_id):
            raise_alarm("fpx_unknown_bank", bank_id, at=at, detail="shown by its id")


def _alarm_when_stale(at: datetime, detail: str) -> None:
    if not Bank.objects.listed_since(at - BANK_LIST_FRESH).exists():
        raise_alarm("fpx_bank_list", "no list", at=at, detail=detail)
