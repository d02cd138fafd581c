"""A person is an IC number, not an account: whoever closes one and opens another is the same.

Whoever changes a person or an account begins here, so that none waits for another in a ring.
"""

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


def lock_account(pk: int | None) -> None:
    """Makes all that opens one account, or changes where it is reached, come one after the other.

    Before its codes, links, cases, devices and sessions: docs/locks.md. Nobody's costs the same.
    """
    rows = User.objects.filter(pk=pk or 0).select_for_update(no_key=True)
    list(rows.values_list("pk"))
