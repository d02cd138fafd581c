"""What the clock starts on the floor itself, and for what sees every app."""

from celery import shared_task
from django.utils import timezone

from perkeso import alarms, health, outbox
from perkeso.privacy import services as privacy


@shared_task(name="perkeso.sweep_outbox")
def sweep_outbox() -> None:
    """Rings again for outbox rows whose bell was lost."""
    outbox.sweep(at=timezone.now())


@shared_task(name="perkeso.mail_alarms")
def mail_alarms() -> None:
    """Tells the operators of alarms."""
    alarms.mail_operators(at=timezone.now())


@shared_task(name="perkeso.note_worker")
def note_worker() -> None:
    """Tells the health check that the broker, the clock and a worker are at work."""
    health.note_worker(at=timezone.now())


@shared_task(name="perkeso.verify_audit")
def verify_audit() -> None:
    """Looks whether somebody changed the audit trail."""
    alarms.alarm_about_trail(at=timezone.now())


@shared_task(name="perkeso.drop_ended_copies")
def drop_ended_copies() -> None:
    """Deletes copies of personal data whose links are dead."""
    privacy.drop_ended_copies(at=timezone.now())
