"""The worker and the clock."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "perkeso.settings")

app = Celery("perkeso", task_cls="foundation.clock:ClockedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="jobs")

app.conf.beat_schedule = {
    "sweep the outbox": {"task": "foundation.sweep_outbox", "schedule": 10.0},
    "mail open alarms": {"task": "foundation.mail_alarms", "schedule": 60.0},
    "note the worker": {
        "task": "perkeso.note_worker",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "enquire undecided payments": {"task": "payments.enquire_undecided", "schedule": 30.0},
    "expire what never reached FPX": {"task": "payments.expire_unseen", "schedule": 60.0},
    "judge forgotten messages": {"task": "payments.judge_left_over", "schedule": 60.0},
    "open cases of undecided payments": {
        "task": "payments.open_overdue_cases",
        "schedule": 600.0,
    },
    "check the invariants": {"task": "payments.alarm_about_invariants", "schedule": 900.0},
    "watch FPX's certificates": {
        "task": "payments.watch_certificates",
        "schedule": crontab(hour=8, minute=0),
    },
    "drop old nonsense": {
        "task": "payments.drop_old_nonsense",
        "schedule": crontab(hour=3, minute=30),
    },
    "read settlement files": {"task": "payments.collect_settlement_files", "schedule": 600.0},
    "miss a settlement file": {
        "task": "payments.alarm_missing_settlement_file",
        "schedule": crontab(hour=9, minute=0),
    },
    "refresh the bank list": {"task": "payments.refresh_banks", "schedule": 180.0},
    "verify the audit trail": {
        "task": "foundation.verify_audit",
        "schedule": crontab(hour=2, minute=40),
    },
    "remind of the end of cover": {"task": "contributions.remind", "schedule": 60.0},
    "drop ended exports": {"task": "registration.drop_ended_exports", "schedule": 3600.0},
    "drop ended copies": {"task": "perkeso.drop_ended_copies", "schedule": 3600.0},
    "drop stale drafts": {
        "task": "registration.drop_stale_drafts",
        "schedule": crontab(hour=3, minute=10),
    },
    "watch the codes": {"task": "accounts.watch_codes", "schedule": 60.0},
    "release account cases": {"task": "accounts.release_cases", "schedule": 60.0},
    "drop stale sign-ups": {
        "task": "accounts.drop_stale_sign_ups",
        "schedule": crontab(hour=3, minute=20),
    },
}
# What the clock starts must not wait behind a thousand receipts: the worker takes turns of queues.
app.conf.task_routes = {
    entry["task"]: {"queue": "clock"} for entry in app.conf.beat_schedule.values()
}
