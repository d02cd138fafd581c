"""What the clock starts for contributions."""

from celery import shared_task
from django.utils import timezone

from contributions.services import reminders


@shared_task(name="contributions.remind")
def remind() -> None:
    """Reminds people of the end of their cover."""
    reminders.remind(at=timezone.now())
