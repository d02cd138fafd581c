"""Begins a payment: one attempt through one bank, and at most one that is undecided."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import persons
from contributions.models import Contribution
from contributions.services import contributing, plans
from foundation.refusals import Refusal
from foundation.wording import local
from payments.enquiry_schedule import FPX_ENQUIRY_SCHEDULE
from payments.gateway import gateway
from payments.models import Bank, Payment

# No I, L, O, U: a reference is read out over the telephone.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class NotPayable(Refusal):
    """The contribution is paid or replaced, or its registration may not pay now.

    `is_mended_by_driver` when it is the rules that say no since it was owed: a document has
    expired, or the rate is no longer on offer.
    """

    words = _("Caruman ini tidak boleh dibayar sekarang.")

    def __init__(self, words: str = "", *, is_mended_by_driver: bool = False) -> None:
        super().__init__(words)
        self.is_mended_by_driver = is_mended_by_driver


class AttemptUndecided(Refusal):
    """An earlier attempt is undecided: paying again could take the money twice."""

    words = _("Bayaran terdahulu masih disahkan. Jangan bayar sekali lagi.")

    def __init__(self, payment: Payment) -> None:
        super().__init__()
        self.payment = payment


def start_payment(
    *, contribution: Contribution, bank: Bank, buyer_email: str, at: datetime, language: str = "ms"
) -> Payment:
    """Keeps the signed request of a new attempt; the browser then takes it to FPX.

    `buyer_email` may be empty; FPX mails its own notice there. `language` is that of the page the
    payer comes back to. Raises NotPayable, AttemptUndecided, and ValueError for an address that
    FPX cannot take.
    """
    reference = new_reference(at)
    # Signed before the transaction: the row lock need not wait for the arithmetic.
    request = _request(contribution, bank, buyer_email, reference, at)
    with transaction.atomic():
        locked = lock_contribution(contribution.pk)
        check_payable(contribution=locked, at=at)
        _ask_the_rules_again(locked, at)
        contributing.hold_contribution(contribution=locked, at=at)
        return Payment.objects.create(
            reference=reference,
            contribution=locked,
            amount=contribution.amount,
            bank_id=bank.bank_id,
            bank_name=bank.name,
            request=request,
            language=language,
            started_at=at,
            next_enquiry_at=at + FPX_ENQUIRY_SCHEDULE[0][1],
        )


def _request(
    contribution: Contribution, bank: Bank, buyer_email: str, reference: str, at: datetime
) -> str:
    return gateway.sign_request(
        reference=reference,
        bank_id=bank.bank_id,
        buyer_email=buyer_email,
        description=f"SPS Pelan {contribution.plan_number} {contribution.months} bulan",
        amount=contribution.amount,
        at=at,
    )


def check_payable(*, contribution: Contribution, at: datetime) -> list[Payment]:
    """Raises NotPayable or AttemptUndecided unless another attempt may begin.

    Returns the attempts that gave way though the bank may still take their money: the page warns.
    """
    if not is_payable(contribution):
        raise NotPayable
    _refuse_a_third_period(contribution, at)
    attempts = list(contribution.payments.prefetch_related("cases"))
    for payment in attempts:
        if payment.blocks_another(at):
            raise AttemptUndecided(payment)
    _refuse_an_old_price(contribution, at)
    return [payment for payment in attempts if payment.may_be_charged_twice]


def _refuse_an_old_price(contribution: Contribution, at: datetime) -> None:
    """Says what the plan costs now: nobody chooses a bank for a price that is not taken."""
    try:
        plans.check_still_offered(contribution, at)
    except plans.RateNotOnOffer as refusal:
        raise NotPayable(str(refusal), is_mended_by_driver=True) from refusal


def _refuse_a_third_period(contribution: Contribution, at: datetime) -> None:
    """A late success for a dropped contribution may have queued a period since this was owed."""
    try:
        contributing.check_next_period(registration=contribution.registration, at=at)
    except contributing.NextPeriodAlreadyBought as error:
        raise NotPayable from error


def _ask_the_rules_again(contribution: Contribution, at: datetime) -> None:
    """A bookmarked page may be older than a licence's last day."""
    try:
        contributing.check_owed(contribution=contribution, at=at)
    except contributing.MayNotPay as refusal:
        raise NotPayable(is_mended_by_driver=True) from refusal


def is_payable(contribution: Contribution) -> bool:
    """True while it is owed, its registration may pay, and FPX would take the sum."""
    least, most = settings.FPX_LIMITS
    is_open = contribution.status == Contribution.Status.OPEN
    return is_open and contribution.registration.may_pay and least <= contribution.amount <= most


def may_go_to_bank(*, payment: Payment, at: datetime) -> bool:
    """False while another browser is there, once it is late, or once another attempt paid it."""
    is_owed = payment.contribution.status == Contribution.Status.OPEN
    is_young = payment.status == Payment.Status.STARTED and at < payment.ends_at
    return is_young and is_owed and payment.may_be_handed_out


def hand_out(*, payment: Payment, at: datetime) -> bool:
    """Notes that a browser takes the request to FPX; False when it may not, or another one does.

    FPX answers an order that comes twice with an error page that leads nowhere.
    """
    as_read = Payment.objects.filter(pk=payment.pk, handed_out_at=payment.handed_out_at)
    return may_go_to_bank(payment=payment, at=at) and bool(as_read.update(handed_out_at=at))


def lock_contribution(pk: int) -> Contribution:
    """The contribution as it is now; whoever else begins or credits an attempt on it waits.

    Locks its person first, then its registration, which comes with it: docs/locks.md. PostgreSQL
    locks the tables of a row in the order in which they are named.
    """
    rows = Contribution.objects.select_related(
        "registration__user", "registration__plan_choice__rate"
    )
    persons.lock_person_of(User.objects.filter(registrations__contributions=pk))
    return rows.select_for_update(no_key=True, of=("registration", "self")).get(pk=pk)


def release_decided(*, payment: Payment, at: datetime) -> None:
    """Lets the contribution go once no attempt on it may still be paid; it must be locked."""
    if not payment.contribution.payments.holding(at).exists():
        contributing.release_contribution(contribution=payment.contribution, at=at)


def new_reference(at: datetime) -> str:
    """A reference to quote: the day in Malaysia and ten random letters and digits."""
    return f"{local(at):%y%m%d}{get_random_string(10, _LETTERS)}"
