"""What the clock starts on the floor itself."""

from celery import shared_task
from django.utils import timezone

from foundation import alarms, outbox


@shared_task(name="foundation.sweep_outbox")
def sweep_outbox() -> None:
    """Rings again for outbox rows whose bell was lost."""
    outbox.sweep(at=timezone.now())


@shared_task(name="foundation.mail_alarms")
def mail_alarms() -> None:
    """Tells the operators of alarms."""
    alarms.mail_operators(at=timezone.now())


@shared_task(name="foundation.verify_audit")
def verify_audit() -> None:
    """Looks whether somebody changed the audit trail."""
    alarms.alarm_about_trail(at=timezone.now())
