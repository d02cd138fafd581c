"""What the clock starts."""

from celery import shared_task
from django.utils import timezone

from registration.services import drafts, exports


@shared_task(name="registration.drop_stale_drafts")
def drop_stale() -> None:
    """Drops drafts that nobody finished."""
    drafts.drop_stale_drafts(at=timezone.now())


@shared_task(name="registration.drop_ended_exports")
def drop_ended() -> None:
    """Deletes exports whose links are dead."""
    exports.drop_ended_exports(at=timezone.now())
