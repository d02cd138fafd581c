"""The worker and the clock; what the clock starts stands in `perkeso.jobs`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "perkeso.settings")

app = Celery("perkeso", task_cls="foundation.clock:ClockedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="jobs")
