"""The worker and the clock."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "perkeso.settings")

app = Celery("perkeso")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="jobs")

app.conf.beat_schedule = {
    "sweep the outbox": {"task": "perkeso.sweep_outbox", "schedule": 10.0},
    "mail open alarms": {"task": "perkeso.mail_alarms", "schedule": 60.0},
    "note the worker": {
        "task": "perkeso.note_worker",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "enquire undecided payments": {"task": "payments.enquire_undecided", "schedule": 60.0},
    "expire what never reached FPX": {"task": "payments.expire_unseen", "schedule": 60.0},
    "judge forgotten messages": {"task": "payments.judge_left_over", "schedule": 60.0},
    "open cases of undecided payments": {
        "task": "payments.open_overdue_cases",
        "schedule": 600.0,
    },
    "refresh the bank list": {"task": "payments.refresh_banks", "schedule": 180.0},
    "drop stale drafts": {
        "task": "registration.drop_stale_drafts",
        "schedule": crontab(hour=3, minute=10),
    },
    "drop stale sign-ups": {
        "task": "accounts.drop_stale_sign_ups",
        "schedule": crontab(hour=3, minute=20),
    },
}
