"""Rows of the outbox that failed too often, given their tries anew by an officer."""

from datetime import datetime
from functools import partial

from django.db import models, transaction

from foundation import audit
from foundation.outbox import OutboxRow, notify


@transaction.atomic
def try_again(row: OutboxRow, *, by: models.Model, at: datetime) -> bool:
    """Gives a parked row its tries anew, on an officer's word; False when it is not parked.

    A mail server that was away for half an hour parks rows as a poisonous one does.
    """
    parked = OutboxRow.objects.filter(pk=row.pk, parked_at__isnull=False)
    if not parked.update(parked_at=None, attempts=0, next_attempt_at=at):
        return False
    audit.record("outbox_tried_again", subject=row, by=by, at=at)
    transaction.on_commit(partial(notify, row))
    return True
