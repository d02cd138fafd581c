"""What the clock starts for the roof: the health of the whole, copies of all about somebody."""

from celery import shared_task
from django.utils import timezone

from perkeso import health
from perkeso.privacy import services as privacy


@shared_task(name="perkeso.note_worker")
def note_worker() -> None:
    """Tells the health check that the broker, the clock and a worker are at work."""
    health.note_worker(at=timezone.now())


@shared_task(name="perkeso.drop_ended_copies")
def drop_ended_copies() -> None:
    """Deletes copies of personal data whose links are dead."""
    privacy.drop_ended_copies(at=timezone.now())
