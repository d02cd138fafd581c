"""A person is an IC number, not an account: whoever closes one and opens another is the same.

Whoever changes a person or an account begins here, so that none waits for another in a ring.
"""

from django.db.models import Q, QuerySet, Subquery

from accounts.models import User


def lock_person(user: User) -> None:
    """Makes all that is begun, owed, paid and covered of one person come one after the other.

    Locks every account that was opened with the IC number, in one order, until the transaction
    ends. In which order this comes among other locks: docs/locks.md.
    """
    _lock_accounts(user.pk, user.ic_number_index)


def lock_person_of(owner: "QuerySet[User]") -> None:
    """The same, in one statement, for the one account that `owner` finds."""
    one = owner.order_by()[:1]
    _lock_accounts(Subquery(one.values("pk")), Subquery(one.values("ic_number_index")))


def _lock_accounts(pk: int | Subquery, ic_number_index: str | Subquery | None) -> None:
    same = Q(pk=pk)
    if ic_number_index:
        same |= Q(ic_number_index=ic_number_index, opened_at__isnull=False)
    rows = User.objects.filter(same).order_by("pk").select_for_update(no_key=True)
    list(rows.values_list("pk"))


def lock_account(pk: int | None) -> None:
    """Makes all that opens one account, or changes where it is reached, come one after the other.

    Before its codes, links, cases, devices and sessions: docs/locks.md. Nobody's costs the same.
    """
    rows = User.objects.filter(pk=pk or 0).select_for_update(no_key=True)
    list(rows.values_list("pk"))
