"""What the clock starts: one table of services, and when each is called with the moment.

A job that runs long skips its next turn (`foundation.clock`), and all of them have a queue of their
own, so that none waits behind a thousand receipts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from celery.schedules import crontab
from django.utils import timezone

from accounts.services import cases, stale, watch
from contributions.services import reminders
from foundation import alarms, outbox
from payments import jobs as payments_jobs
from payments.services import (
    banks,
    certificates,
    enquiries,
    invariants,
    reconciliation,
    settled_days,
    unverified,
)
from perkeso import health
from perkeso.celery import app
from perkeso.privacy import services as privacy
from registration.services import drafts, exports


@dataclass(frozen=True)
class Job:
    """A service that takes `at`; `when` is a number of seconds, or a time of day in Malaysia."""

    service: Callable[..., Any]
    when: float | crontab
    options: dict[str, Any] | None = None

    @property
    def name(self) -> str:
        return f"{self.service.__module__}.{self.service.__name__}"

    def run(self) -> None:
        """Calls the service; the clock is read here."""
        self.service(at=timezone.now())


JOBS = [
    Job(outbox.sweep, 10),
    Job(alarms.mail_operators, 60),
    Job(health.note_worker, 20, {"expires": 20}),
    Job(health.watch_storage, 300),
    Job(payments_jobs.enquire_undecided, 30),
    Job(enquiries.expire_unseen, 60),
    Job(enquiries.judge_left_over, 60),
    Job(enquiries.open_overdue_cases, 600),
    Job(invariants.alarm_about_invariants, 900),
    Job(certificates.watch_certificates, crontab(hour=8, minute=0)),
    Job(unverified.drop_old_strays, crontab(hour=3, minute=30)),
    Job(reconciliation.collect_settlement_files, 600),
    Job(settled_days.alarm_missing_settlement_file, 3600),
    Job(banks.refresh_banks, 180),
    Job(alarms.alarm_about_trail, crontab(hour=2, minute=40)),
    Job(reminders.remind, 60),
    Job(exports.drop_ended_exports, 3600),
    Job(privacy.drop_ended_copies, 3600),
    Job(drafts.drop_stale_drafts, crontab(hour=3, minute=10)),
    Job(watch.watch_codes, 60),
    Job(cases.release_cases, 60),
    Job(stale.drop_ended_sessions, 300),
    Job(stale.drop_stale_sign_ups, crontab(hour=3, minute=20)),
]


def _register(job: Job) -> None:
    # A plain function: of a bound method Celery asks for `self` when the clock sends it.
    @app.task(name=job.name)
    def run() -> None:
        job.run()


for job in JOBS:
    _register(job)
app.conf.beat_schedule = {
    job.name: {"task": job.name, "schedule": job.when, "options": job.options or {}} for job in JOBS
}
app.conf.task_routes = {job.name: {"queue": "clock"} for job in JOBS}
