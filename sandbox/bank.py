"""A payment at the exchange and the bank, from the merchant's request to the decision."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from sandbox import settings
from sandbox.fpx import answers, judging
from sandbox.fpx.messages import Fields
from sandbox.models import CurrentScenario, Delivery, FpxTransaction

# The longest that a browser waits at the bank for the merchant to be told.
PATIENCE_SECONDS = 6.0
# The one customer of every bank.
USER, PIN = "1234", "1234"
CANCELLED_AT_LOG_IN, CANCELLED_AT_CONFIRMATION = "1C", "1L"
TIMED_OUT_AT_LOG_IN, TIMED_OUT_AT_CONFIRMATION = "1A", "1J"
DUPLICATE_EXCHANGE_ORDER, DUPLICATE_ORDER = "XN", "45"


class Refused(Exception):
    """The exchange shows its own error page: it cannot tell for whom an answer would be."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def receive_request(fields: Fields, *, at: datetime, has_bank: bool = True) -> FpxTransaction:
    """Takes a merchant's AR; one that is at fault is decided at once. Raises `Refused`."""
    if code := judging.distrust(fields, "AR"):
        raise Refused(code)
    if not judging.ORDER_NUMBER.fullmatch(fields["fpx_sellerExOrderNo"]):
        raise Refused("30")
    code = judging.refusal(fields, at=at, needs_bank=has_bank)
    if not code and _is_known_order(fields["fpx_sellerOrderNo"]):
        code = DUPLICATE_ORDER
    payment = _keep(fields, at)
    if code:
        decide(payment, code, at=at, is_refused=True)
    return payment


def _is_known_order(number: str) -> bool:
    return FpxTransaction.objects.filter(seller_order_no=number).exists()


@transaction.atomic
def _keep(fields: Fields, at: datetime) -> FpxTransaction:
    """Stores the request. Raises `Refused` when its number was used before.

    An answer to a used number would speak about the first attempt, so there is none.
    """
    scenario = CurrentScenario.now()
    try:
        with transaction.atomic():
            payment = FpxTransaction.objects.create(
                request=dict(fields),
                seller_ex_order_no=fields["fpx_sellerExOrderNo"],
                seller_order_no=fields["fpx_sellerOrderNo"],
                bank=fields["fpx_buyerBankId"],
                scenario_name=scenario.name,
                seconds=scenario.seconds,
                received_at=at,
            )
    except IntegrityError as error:
        raise Refused(DUPLICATE_EXCHANGE_ORDER) from error
    payment.fpx_txn_id = f"{at.astimezone(judging.MALAYSIA):%y%m%d%H%M%S}{payment.pk % 10000:04d}"
    payment.save(update_fields=["fpx_txn_id"])
    return payment


def choose_bank(payment: FpxTransaction, bank: str, *, at: datetime) -> None:
    """Sends a payer who came without a bank to one; a bank that takes none is the decision."""
    FpxTransaction.objects.filter(pk=payment.pk, bank="").update(bank=bank)
    payment.refresh_from_db()
    if code := judging.bank_refusal(payment.model, payment.bank):
        decide(payment, code, at=at, is_refused=True)


def sign_in(payment: FpxTransaction, *, at: datetime) -> None:
    """The payer has shown who they are."""
    undecided = FpxTransaction.objects.filter(pk=payment.pk, code="", signed_in_at=None)
    undecided.update(signed_in_at=at)


def confirm(payment: FpxTransaction, *, at: datetime) -> None:
    """The payer confirms; the scenario says what the bank makes of it."""
    decide(payment, payment.scenario.code, at=at)


def cancel(payment: FpxTransaction, *, at: datetime) -> None:
    """The payer cancels."""
    is_signed_in = payment.signed_in_at is not None
    decide(payment, CANCELLED_AT_CONFIRMATION if is_signed_in else CANCELLED_AT_LOG_IN, at=at)


def end_sessions(*, at: datetime) -> None:
    """Ends the payments that have stood at the bank for too long."""
    for payment in FpxTransaction.objects.filter(code=""):
        seconds = (
            payment.seconds if payment.scenario.ends_session else settings.BANK_SESSION_SECONDS
        )
        if at >= payment.received_at + timedelta(seconds=seconds):
            is_signed_in = payment.signed_in_at is not None
            code = TIMED_OUT_AT_CONFIRMATION if is_signed_in else TIMED_OUT_AT_LOG_IN
            decide(payment, code, at=at)


@transaction.atomic
def decide(payment: FpxTransaction, code: str, *, at: datetime, is_refused: bool = False) -> None:
    """Fixes the outcome and makes the messages that tell it; a second decision changes nothing."""
    scenario = payment.scenario
    outcome = {"code": code, "decided_at": at, "is_refused": is_refused}
    if scenario.later_code and code == scenario.code:
        outcome |= {"later_code": scenario.later_code, "later_at": at + payment.delay}
    if FpxTransaction.objects.filter(pk=payment.pk, code="").update(**outcome):
        payment.refresh_from_db()
        Delivery.objects.bulk_create(_deliveries(payment, at))


def _deliveries(payment: FpxTransaction, at: datetime) -> Iterator[Delivery]:
    """What the exchange will send by itself."""
    scenario = payment.scenario
    if scenario.sends_direct:
        due_at = at + payment.delay if scenario.is_direct_late else at
        for _ in range(scenario.copies):
            yield _delivery(Delivery.Kind.DIRECT, payment, due_at, said_at=at)
        if payment.later_at:
            yield _delivery(
                Delivery.Kind.DIRECT, payment, payment.later_at, said_at=payment.later_at
            )
    if scenario.sends_indirect:
        # The browser brings one of them; to the merchant the others look just the same.
        for _ in range(scenario.copies - 1):
            yield _delivery(Delivery.Kind.INDIRECT, payment, at, said_at=at)


def _delivery(
    kind: Delivery.Kind, payment: FpxTransaction, due_at: datetime, *, said_at: datetime
) -> Delivery:
    is_direct = kind == Delivery.Kind.DIRECT
    return Delivery(
        kind=kind,
        transaction=payment,
        url=settings.FPX_DIRECT_URL if is_direct else settings.FPX_INDIRECT_URL,
        body=answers.message(payment, at=said_at),
        due_at=due_at,
    )
