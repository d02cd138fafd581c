"""A copy of everything for who it is about, and the end of an account by its owner's wish."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import PersonalCopy, User
from accounts.services import closing, limits, persons
from accounts.tasks import send_account_closed, send_account_closed_sms
from foundation import audit, outbox
from foundation.refusals import Refusal
from payments.models import Payment
from perkeso.tasks import make_copy, send_copy_ready
from registration.services import drafts


class PaymentUndecided(Refusal):
    """The bank has not spoken: money may be on its way."""

    words = _("Satu bayaran anda belum diputuskan oleh bank. Tutup akaun selepas ia diputuskan")


def request_copy(*, user: User, at: datetime) -> PersonalCopy:
    """Asks the worker for a copy; one that is being made is enough. Raises TooMany."""
    with transaction.atomic():
        copy, is_new = PersonalCopy.objects.select_for_update().get_or_create(
            user=user, made_at=None, defaults={"requested_at": at}
        )
        if is_new:
            limits.take("copies_per_day", str(user.pk), at=at)
            audit.record("copy_requested", subject=user, by=user, at=at)
            outbox.add_all((make_copy, send_copy_ready), copy.pk, at=at)
    return copy


def drop_ended_copies(*, at: datetime) -> int:
    """Deletes the files whose links are dead; returns how many."""
    return PersonalCopy.objects.ended(at).drop_files()


def has_undecided_payment(user: User) -> bool:
    """True while the bank has not spoken about a payment of theirs."""
    return Payment.objects.for_user(user).undecided().exists()


@transaction.atomic
def close_account(*, user: User, at: datetime) -> None:
    """Forgets what the law does not keep, and closes the account for log-in.

    Registrations that were sent in, money, receipts and cover stay. Raises PaymentUndecided.
    """
    persons.lock_person(user)
    if has_undecided_payment(user):
        raise PaymentUndecided
    drafts.drop_own_drafts(user=user)
    user.log_ins.all().delete()
    closing.close_for_log_in(user=user, by=user, at=at, action="account_closed")
    outbox.add_all((send_account_closed, send_account_closed_sms), user.pk, at=at)
    PersonalCopy.objects.for_user(user).drop_files()
