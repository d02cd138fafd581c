"""Stories of money that was taken twice, and of every state of a refund."""

from collections.abc import Callable
from datetime import datetime, timedelta

from accounts.models import User
from development.people import begin_payment, hear, officer, owe, register
from payments.models import PaymentCase, Refund
from payments.services import double_payments, refunds

Story = Callable[[User, datetime], None]
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
Status = Refund.Status


def paid_twice(user: User, at: datetime) -> None:
    """The bank was slow, the driver tried again, and both went through."""
    contribution = owe(register(user, at=at - 24 * HOUR), at=at - 3 * HOUR)
    assert contribution
    first = begin_payment(contribution, at=at - 3 * HOUR)
    hear(first, "09", at=at - 150 * MINUTE, is_asked=True)
    second = begin_payment(contribution, at=at - 2 * HOUR)
    hear(second, at=at - 118 * MINUTE)
    hear(first, at=at - HOUR)


def chose_refund(user: User, at: datetime) -> None:
    """The driver wants the money back; nobody has asked for it yet."""
    double_payments.choose_refund(case=_case_of(user, at), by=user, at=at - 50 * MINUTE)


def chose_next_period(user: User, at: datetime) -> None:
    """The driver keeps it as the next month."""
    double_payments.choose_next_period(case=_case_of(user, at), by=user, at=at - 50 * MINUTE)


def refund(*steps: str) -> Story:
    """Rohani asked for the money back, and these steps followed."""

    def story(user: User, at: datetime) -> None:
        case = _case_of(user, at)
        assert case.payment
        asked = refunds.request_refund(
            case=case,
            amount=case.payment.amount,
            reason="Dibayar dua kali",
            by=officer(at),
            at=at - 40 * MINUTE,
        )
        for number, step in enumerate(steps):
            _step(asked, step, at - (30 - 5 * number) * MINUTE)

    return story


def _case_of(user: User, at: datetime) -> PaymentCase:
    paid_twice(user, at)
    return PaymentCase.objects.for_user(user).double_payments().select_related("payment").get()


def _step(refund: Refund, step: str, at: datetime) -> None:
    """Selvam approves and refuses; Rohani records what the bank said."""
    rohani, selvam = officer(at), officer(at, "selvam", "Selvam a/l Pillai")
    match step:
        case Status.APPROVED:
            refunds.approve_refund(refund=refund, by=selvam, at=at)
        case Status.SENT:
            refunds.record_refund_sent(refund=refund, bank_reference="WV-1", by=rohani, at=at)
        case Status.DONE:
            refunds.record_refund_done(refund=refund, note="BR-1", by=rohani, at=at)
        case Status.FAILED:
            refunds.record_refund_failed(refund=refund, note="Akaun ditutup", by=rohani, at=at)
        case _refused:
            refunds.refuse_refund(refund=refund, reason="Tersilap", by=selvam, at=at)
