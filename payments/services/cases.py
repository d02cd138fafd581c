"""Cases: what finance must decide by hand, from the day it is found to the reason it ended with."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from foundation import audit, outbox, states
from foundation.alarms import raise_alarm
from foundation.refusals import Refusal
from payments.models import GatewayMessage, Payment, PaymentCase
from payments.tasks import (
    send_money_kept,
    send_payment_looked_into,
    send_rejected_paid,
)
from receipts.models import Receipt
from registration.models import Registration

if TYPE_CHECKING:
    from accounts.models import User

_DETAIL_LENGTH = 200
# An officer's own act is news to nobody who reads alarms; a settlement file has one for all of its.
_WITHOUT_ALARM = {PaymentCase.Kind.REJECTED_PAID, PaymentCase.Kind.SETTLEMENT}


class CaseNotOpen(Refusal):
    """The case is closed, or money is on its way back because of it."""

    words = _("Kes ini telah selesai, atau bayaran baliknya sedang berjalan.")


class MoneyMustMove(Refusal):
    """Money taken twice cannot be explained away: it goes back or buys the next period."""

    words = _("Wang yang dibayar dua kali mesti dipulangkan, atau membeli tempoh seterusnya.")


class StillUndecided(Refusal):
    """Nothing is explained while the payment still holds its contribution."""

    words = _("Bank belum memutuskan bayaran ini. Untuk menyelesaikan kes, berhenti menunggu.")


def open_case(
    *,
    kind: PaymentCase.Kind,
    payment: Payment | None,
    at: datetime,
    message: GatewayMessage | None = None,
    detail: str = "",
) -> PaymentCase:
    """Opens a case and raises the alarm of its kind; the same news again opens no second one.

    `detail` holds no personal data.
    """
    case, is_new = PaymentCase.objects.get_or_create(
        kind=kind,
        payment=payment,
        detail=detail[:_DETAIL_LENGTH],
        closed_at=None,
        defaults={"message": message, "opened_at": at},
    )
    if is_new and kind not in _WITHOUT_ALARM:
        raise_alarm(f"payment_{kind}", payment.reference if payment else "-", at=at, detail=detail)
    return case


def open_anomaly(
    *, payment: Payment | None, message: GatewayMessage, detail: str, at: datetime
) -> PaymentCase:
    """Opens a case about a signed message that does not agree with what we know.

    A payer who has not paid is told once: they may pay another way, and are warned.
    """
    is_first = (
        payment is not None and not payment.cases.filter(kind=PaymentCase.Kind.ANOMALY).exists()
    )
    case = open_case(
        kind=PaymentCase.Kind.ANOMALY, payment=payment, message=message, detail=detail, at=at
    )
    if payment is not None and is_first and payment.status != Payment.Status.SUCCEEDED:
        outbox.add(send_payment_looked_into, payment.pk, at=at)
    return case


@transaction.atomic
def open_refund_case(*, registration: Registration, by: "User", at: datetime) -> list[PaymentCase]:
    """Asks finance to look at money paid for a registration that the officer `by` rejected.

    One case for each payment whose cover still runs or waits; the payer is told. The cover stands
    whatever becomes of the money. Asked again it opens no second case.
    """
    receipts = Receipt.objects.filter(
        contribution__registration=registration, coverage_ends_at__gt=at
    )
    references = receipts.values("payment_reference")
    payments = Payment.objects.filter(reference__in=references).exclude(
        cases__kind=PaymentCase.Kind.REJECTED_PAID
    )
    return [_open_rejected(payment, by, at) for payment in payments]


def _open_rejected(payment: Payment, by: "User", at: datetime) -> PaymentCase:
    case = open_case(kind=PaymentCase.Kind.REJECTED_PAID, payment=payment, at=at)
    outbox.add(send_rejected_paid, case.pk, at=at)
    audit.record("refund_case_opened", subject=case, by=by, at=at)
    return case


@transaction.atomic
def close_case(*, case: PaymentCase, reason: str, by: "User", at: datetime) -> PaymentCase:
    """Ends a case that no money has to move for; `reason` is kept for whoever looks later.

    Raises CaseNotOpen, MoneyMustMove for a double payment whose money is not back, and
    StillUndecided, for which there is `stop_waiting`.
    """
    locked = lock_open(case)
    if locked.is_still_undecided:
        raise StillUndecided
    resolution = PaymentCase.Resolution.EXPLAINED
    if locked.is_double_payment:
        if not is_returned(locked):
            raise MoneyMustMove
        resolution = PaymentCase.Resolution.REFUNDED
    mark_closed(case=locked, resolution=resolution, reason=reason, by=by, at=at)
    audit.record("case_closed", subject=locked, by=by, at=at, resolution=locked.resolution)
    if _is_news_to_payer(locked):
        outbox.add(send_money_kept, locked.pk, at=at)
    return locked


def close_cases(
    *, cases: Iterable[PaymentCase], reason: str, by: "User", at: datetime
) -> list[PaymentCase]:
    """Ends several for one reason; returns those that were still open."""
    closed = []
    for case in cases:
        with suppress(CaseNotOpen):
            closed.append(close_case(case=case, reason=reason, by=by, at=at))
    return closed


def _is_news_to_payer(case: PaymentCase) -> bool:
    """True when the payer was told that the money is being checked, and none of it goes back."""
    if case.payment is None or case.payment.refunds.unrefused().exists():
        return False
    return case.kind == PaymentCase.Kind.REJECTED_PAID or case.refunds.exists()


def mark_closed(
    *,
    case: PaymentCase,
    resolution: PaymentCase.Resolution,
    reason: str,
    by: "User | None",
    at: datetime,
) -> None:
    """Moves a case to its end, inside the transaction that did what ends it.

    `by` is None when a later settlement file did.
    """
    states.move(
        case,
        PaymentCase.Status.CLOSED,
        by=by,
        at=at,
        note=reason,
        resolution=resolution,
        reason=reason,
        closed_at=at,
        closed_by=by,
    )


def is_returned(case: PaymentCase) -> bool:
    """True once all the money of the case's payment is back with its payer."""
    payment = case.payment
    return payment is not None and payment.refunds.done().amount() == payment.amount


def lock_open(case: PaymentCase) -> PaymentCase:
    """The case as it is now, held until the transaction ends; raises CaseNotOpen.

    Its payment is held first, as settling does: whatever becomes of the money of one payment
    comes one after the other, though it hangs on several cases.
    """
    if case.payment_id is not None:
        lock_payment(case.payment_id)
    rows = PaymentCase.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "payment__contribution__registration__user"
    )
    locked = rows.get(pk=case.pk)
    if not locked.is_open:
        raise CaseNotOpen
    return locked


def lock_payment(pk: int) -> None:
    """Makes all that moves one payment's money wait for each other."""
    Payment.objects.select_for_update(no_key=True).only("pk").get(pk=pk)
