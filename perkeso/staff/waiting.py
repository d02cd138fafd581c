"""What waits for staff, counted for the front page of the desk."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import AccountCase, Correction
from payments.models import Case, Payment, Refund
from perkeso.alarms import Alarm
from perkeso.outbox import OutboxRow
from perkeso.wording import moment
from registration.models import Registration


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
        """Since when the oldest waits."""
        return _("sejak %(moment)s") % {"moment": moment(self.since, "ms")} if self.since else ""


def waiting() -> list[Waiting]:
    """Everything that somebody at the desk must see to; one query each."""
    return [
        _registrations(Registration.Status.SUBMITTED, "queued_at", _("Menunggu semakan")),
        _registrations(Registration.Status.REFERRED, "submitted_at", _("Dirujuk sebelum bayaran")),
        _corrections(),
        _account_cases(),
        *_money(),
        *_operations(),
    ]


def _registrations(status: str, waits_from: str, title: str) -> Waiting:
    queue = Registration.objects.awaiting_review().order_by().filter(status=status)
    found = queue.aggregate(number=Count("pk"), since=Min(waits_from))
    return Waiting(
        title,
        found["number"],
        _list("registration_registration") + f"?giliran=menunggu&status__exact={status}",
        "registration.view_registration",
        found["since"],
    )


def _corrections() -> Waiting:
    found = Correction.objects.proposed().aggregate(number=Count("pk"), since=Min("proposed_at"))
    return Waiting(
        _("Pembetulan menunggu kelulusan"),
        found["number"],
        _list("accounts_correction") + "?status__exact=proposed",
        "accounts.change_correction",
        found["since"],
    )


def _account_cases() -> Waiting:
    found = AccountCase.objects.opened().aggregate(number=Count("pk"), since=Min("reported_at"))
    return Waiting(
        _("Kes akaun terbuka"),
        found["number"],
        _list("accounts_accountcase") + "?status__in=opened,proposed",
        "accounts.change_accountcase",
        found["since"],
    )


def _money() -> Iterator[Waiting]:
    yield Waiting(
        _("Bayaran belum diputuskan"),
        Payment.objects.undecided().count(),
        _list("payments_payment") + "?status__in=started,pending",
        "payments.view_payment",
    )
    cases = Case.objects.filter(status=Case.Status.WAITING)
    found = cases.aggregate(number=Count("pk"), since=Min("opened_at"))
    yield Waiting(
        _("Kes kewangan menunggu"),
        found["number"],
        _list("payments_case") + "?status__exact=waiting",
        "payments.view_case",
        found["since"],
    )
    refunds = Refund.objects.filter(status=Refund.Status.REQUESTED)
    found = refunds.aggregate(number=Count("pk"), since=Min("requested_at"))
    yield Waiting(
        _("Bayaran balik menunggu kelulusan"),
        found["number"],
        _list("payments_refund") + "?status__exact=requested",
        "payments.view_refund",
        found["since"],
    )


def _operations() -> Iterator[Waiting]:
    yield Waiting(
        _("Penggera terbuka"),
        Alarm.objects.open().count(),
        _list("perkeso_alarm") + "?cleared_at__isempty=1",
        "perkeso.view_alarm",
    )
    yield Waiting(
        _("Tugas yang diketepikan"),
        OutboxRow.objects.filter(parked_at__isnull=False).count(),
        _list("perkeso_outboxrow") + "?parked_at__isempty=0",
        "perkeso.view_outboxrow",
    )


def _list(name: str) -> str:
    return reverse(f"admin:{name}_changelist")
