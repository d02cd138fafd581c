"""What waits for staff, counted for the front page of the desk."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import AccountCase, Correction
from foundation.alarms import Alarm
from foundation.outbox import OutboxRow
from foundation.proposals import Proposal
from foundation.wording import moment
from payments.models import Payment, PaymentCase, Refund
from registration.models import SENT_AGAIN, WAITS_FROM, Registration

Status = Registration.Status


@dataclass(frozen=True)
class Waiting:
    """A number of things to see to, with the list that shows them."""

    title: str
    number: int
    url: str
    permission: str
    since: datetime | None = None

    @property
    def oldest(self) -> str:
        return _("sejak %(moment)s") % {"moment": moment(self.since, "ms")} if self.since else ""


def waiting(at: datetime) -> list[Waiting]:
    """Everything that somebody at the desk must see to; a query for each of the tables."""
    return [*_registrations(), *_accounts(), *_money(at), *_operations()]


def _registrations() -> Iterator[Waiting]:
    """The queue, and what of it came back after a decision; one look for the three."""
    kinds: list[tuple[Q, str, str]] = [
        (Q(status=Status.SUBMITTED), _("Menunggu semakan"), "menunggu&status__exact=submitted"),
        (
            Q(status=Status.REFERRED),
            _("Dirujuk sebelum bayaran"),
            "menunggu&status__exact=referred",
        ),
        (SENT_AGAIN, _("Antaranya dihantar semula"), "semula"),
    ]
    counts: dict[str, Any] = {}
    for key, (kind, _title, _filter) in enumerate(kinds):
        counts[f"number_{key}"] = Count("pk", filter=kind)
        counts[f"since_{key}"] = Min(WAITS_FROM, filter=kind)
    found = Registration.objects.awaiting_review().order_by().aggregate(**counts)
    for key, (_kind, title, chosen) in enumerate(kinds):
        url = _list("registration_registration") + f"?giliran={chosen}"
        number, since = found[f"number_{key}"], found[f"since_{key}"]
        yield Waiting(title, number, url, "registration.view_registration", since)


def _accounts() -> Iterator[Waiting]:
    yield _counted(
        _("Pembetulan menunggu kelulusan"),
        Correction.objects.proposed(),
        "proposed_at",
        _list("accounts_correction") + "?status__exact=proposed",
        "accounts.change_correction",
    )
    yield _counted(
        _("Kes akaun terbuka"),
        AccountCase.objects.opened(),
        "reported_at",
        _list("accounts_accountcase") + "?terbuka=ya",
        "accounts.change_accountcase",
    )


def _money(at: datetime) -> Iterator[Waiting]:
    yield _counted(
        _("Bayaran belum diputuskan selepas 15 minit"),
        Payment.objects.late(at),
        "started_at",
        _list("payments_payment") + "?lewat=ya",
        "payments.view_payment",
    )
    yield _counted(
        _("Kes kewangan menunggu"),
        PaymentCase.objects.filter(status=PaymentCase.Status.OPEN),
        "opened_at",
        _list("payments_paymentcase") + "?status__exact=open",
        "payments.view_paymentcase",
    )
    yield _counted(
        _("Bayaran balik menunggu kelulusan"),
        Refund.objects.filter(status=Refund.Status.REQUESTED),
        "requested_at",
        _list("payments_refund") + "?status__exact=requested",
        "payments.view_refund",
    )


def _operations() -> Iterator[Waiting]:
    yield _counted(
        _("Perubahan harga dan peraturan menunggu kelulusan"),
        Proposal.objects.filter(status=Proposal.Status.PROPOSED),
        "proposed_at",
        _list("foundation_proposal") + "?status__exact=proposed",
        "foundation.change_proposal",
    )
    yield _counted(
        _("Penggera terbuka"),
        Alarm.objects.open(),
        "first_seen_at",
        _list("foundation_alarm") + "?cleared_at__isempty=1",
        "foundation.view_alarm",
    )
    yield _counted(
        _("Tugas yang diketepikan"),
        OutboxRow.objects.filter(parked_at__isnull=False),
        "parked_at",
        _list("foundation_outboxrow") + "?parked_at__isempty=0",
        "foundation.view_outboxrow",
    )


def _counted(
    title: str, rows: QuerySet[Any], waits_from: str, url: str, permission: str
) -> Waiting:
    """How many rows there are, and since when the oldest waits."""
    found = rows.order_by().aggregate(number=Count("pk"), since=Min(waits_from))
    return Waiting(title, found["number"], url, permission, found["since"])


def _list(name: str) -> str:
    return reverse(f"admin:{name}_changelist")
