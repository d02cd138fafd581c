"""A person is an IC number, not an account: whoever closes one and opens another is the same."""

from django.db.models import Q

from accounts.models import User


def lock_person(user: User) -> None:
    """Makes all that is begun, owed, paid and covered of one person come one after the other.

    Locks every account that was opened with the IC number, in one order, until the transaction
    ends. In which order this comes among other locks: docs/locks.md.
    """
    same = Q(pk=user.pk)
    if user.ic_number_index:
        same |= Q(ic_number_index=user.ic_number_index, opened_at__isnull=False)
    rows = User.objects.filter(same).order_by("pk").select_for_update(no_key=True)
    list(rows.values_list("pk"))
