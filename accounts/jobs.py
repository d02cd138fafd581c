"""What the clock starts for accounts."""

from celery import shared_task
from django.utils import timezone

from accounts.services import cases, stale, watch


@shared_task(name="accounts.drop_stale_sign_ups")
def drop_stale_sign_ups() -> None:
    """Forgets sign-ups that nobody opened, and what has expired with them."""
    stale.drop_stale_sign_ups(at=timezone.now())


@shared_task(name="accounts.watch_codes")
def watch_codes() -> None:
    """Looks whether the SMS gateway is slow, or somebody spends our SMS."""
    watch.watch_codes(at=timezone.now())


@shared_task(name="accounts.release_cases")
def release_cases() -> None:
    """Lets the new phone and address of each case be proved once its day has passed."""
    cases.release_cases(at=timezone.now())
