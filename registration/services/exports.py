"""Exports: asked for at the desk, made by the worker, gone after a day."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from foundation import audit, outbox
from registration import tasks
from registration.models import Export

if TYPE_CHECKING:
    from accounts.models import User

SEES_IC_NUMBERS = "accounts.view_whole_ic_number"


@transaction.atomic
def request_export(*, which: str, by: "User", at: datetime) -> Export:
    """Asks the worker for a CSV of the registrations `which` names; audited, for it leaves us."""
    export = Export.objects.create(
        which=which,
        shows_ic_number=by.has_perm(SEES_IC_NUMBERS),
        requested_by=by,
        requested_at=at,
    )
    audit.record("export_requested", subject=export, by=by, at=at, which=which)
    outbox.add(tasks.make_export, export.pk, at=at)
    return export


def drop_ended_exports(*, at: datetime) -> int:
    """Deletes the files whose links are dead; returns how many."""
    return Export.objects.ended(at).drop_files()
