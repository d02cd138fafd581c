"""Corrects a receipt that states a wrong name or IC number, by another that names it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation import audit, outbox
from foundation.refusals import Refusal
from receipts.models import Receipt
from receipts.services import issuing
from receipts.tasks import draw_receipt, send_receipt

# Whatever was certified stays as it is: the money, the moment and the cover.
_COPIED = [
    *("issued_at", "user", "sector", "plan_number", "insured_monthly_earnings", "months"),
    *("amount", "coverage_starts_at", "coverage_ends_at", "payment_reference"),
    *("bank_name", "fpx_transaction_id", "fpx_transaction_at"),
]


class AlreadyVoid(Refusal):
    """Another correction took its place; that one may be corrected."""

    words = _("Resit ini sudah dibatalkan dan diganti.")


class NothingToCorrect(Refusal):
    """The account has the name and IC number that the receipt states."""

    words = _("Akaun menyatakan perkara yang sama seperti resit. Betulkan akaun dahulu.")


@transaction.atomic
def correct_receipt(*, receipt: Receipt, by: User, at: datetime) -> Receipt:
    """Issues a receipt in the place of `receipt`, with the account's name and IC number of now.

    Two officers have put those right before. The wrong one stays, void; the new one is drawn and
    mailed as every receipt is. Raises AlreadyVoid or NothingToCorrect.
    """
    wrong = Receipt.objects.select_for_update(of=("self",)).get(pk=receipt.pk)
    if wrong.is_void:
        raise AlreadyVoid
    owner = wrong.user
    if (wrong.full_name, wrong.ic_number) == (owner.full_name, owner.ic_number):
        raise NothingToCorrect
    contribution = wrong.contribution
    _void(wrong, by, at)
    correction = Receipt.objects.create(
        number=issuing.next_number(wrong.issued_at),
        contribution=contribution,
        corrects=wrong,
        full_name=owner.full_name,
        ic_number=owner.ic_number or "",
        language=owner.language,
        **{name: getattr(wrong, name) for name in _COPIED},
    )
    audit.record("correct_receipt", subject=wrong, by=by, at=at, correction=correction.number)
    outbox.add_all((draw_receipt, send_receipt), correction.pk, at=at)
    return correction


def _void(wrong: Receipt, by: User, at: datetime) -> None:
    wrong.voided_at, wrong.voided_by, wrong.contribution = at, by, None
    wrong.save(update_fields=["voided_at", "voided_by", "contribution"])
