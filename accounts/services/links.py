"""Links by e-mail: asking for one, finding one, and using it up. The worker makes the token."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from accounts import tasks
from accounts.models import EmailLink, User
from accounts.services import limits, persons
from foundation import outbox


class ClosedLink(Exception):
    """The link does not open any more; `reason` is "used", "superseded", "expired" or "unknown"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def request_email_link(*, user: User, purpose: EmailLink.Purpose, at: datetime) -> EmailLink:
    """Records that a link is wanted; three an hour for one user. Raises TooMany."""
    limits.take("link_per_hour", f"{purpose}:{user.pk}", at=at)
    with transaction.atomic():
        link = EmailLink.objects.create(user=user, purpose=purpose, requested_at=at)
        outbox.add(tasks.send_email_link, link.pk, at=at)
    return link


def replace_link(*, link: EmailLink, at: datetime) -> EmailLink:
    """Requests a new link in the place of one that has expired or was superseded."""
    return request_email_link(user=link.user, purpose=EmailLink.Purpose(link.purpose), at=at)


@contextmanager
def used_link(link_id: int, purpose: EmailLink.Purpose, *, at: datetime) -> Iterator[EmailLink]:
    """Runs its block in the transaction that uses the link up; raises ClosedLink."""
    links = EmailLink.objects.filter(pk=link_id, purpose=purpose)
    with transaction.atomic():
        persons.lock_account(links.values_list("user_id", flat=True).first())
        link = links.select_for_update(of=["self"]).select_related("user").first()
        reason = "unknown" if link is None else link.why_closed(at)
        if link is None or reason:
            raise ClosedLink(reason)
        link.used_at = at
        link.save(update_fields=["used_at"])
        yield link
