"""Corrects a receipt that states a wrong name, by another that names it."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from perkeso import audit, outbox
from receipts.models import Receipt
from receipts.services.issuing import next_number
from receipts.tasks import draw_receipt, send_receipt

if TYPE_CHECKING:
    from contributions.models import Contribution

# Whatever the bank certified stays as it is: the money, the moment and the cover.
_COPIED = [
    *("issued_at", "user", "ic_number", "sector", "plan_number", "insured_monthly_earnings"),
    *("months", "amount", "coverage_starts_at", "coverage_ends_at", "payment_reference"),
    *("bank_name", "fpx_transaction_id", "fpx_transaction_at"),
]


class AlreadyVoid(Exception):
    """Another correction took its place; that one may be corrected."""

    def __init__(self) -> None:
        super().__init__(_("Resit ini sudah dibatalkan dan diganti."))


class NothingToCorrect(Exception):
    """The name is the one that the receipt states."""

    def __init__(self) -> None:
        super().__init__(_("Nama itu sama dengan nama pada resit."))


@transaction.atomic
def correct_receipt(*, receipt: Receipt, full_name: str, by: User, at: datetime) -> Receipt:
    """Issues a receipt with the right name in the place of `receipt`, which stays, void.

    The account gets the name, too, or its next receipt would be wrong again. The new one is drawn
    and mailed as every receipt is. Raises AlreadyVoid or NothingToCorrect.
    """
    wrong = Receipt.objects.select_for_update(of=("self",)).get(pk=receipt.pk)
    if wrong.is_void:
        raise AlreadyVoid
    if wrong.full_name == full_name:
        raise NothingToCorrect
    contribution = wrong.contribution
    _void(wrong, by, at)
    correction = _copy(wrong, contribution, full_name)
    User.objects.filter(pk=wrong.user_id).update(full_name=full_name)
    audit.record("correct_receipt", subject=wrong, by=by, at=at, correction=correction.number)
    for act in (draw_receipt, send_receipt):
        outbox.add(act, correction.pk, at=at)
    return correction


def _void(wrong: Receipt, by: User, at: datetime) -> None:
    wrong.voided_at, wrong.voided_by, wrong.contribution = at, by, None
    wrong.save(update_fields=["voided_at", "voided_by", "contribution"])


def _copy(wrong: Receipt, contribution: "Contribution | None", full_name: str) -> Receipt:
    return Receipt.objects.create(
        number=next_number(wrong.issued_at),
        contribution=contribution,
        corrects=wrong,
        full_name=full_name,
        language=wrong.user.language,
        **{name: getattr(wrong, name) for name in _COPIED},
    )
