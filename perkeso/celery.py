"""The worker and the clock; what the clock starts stands in `perkeso.jobs`."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init

from perkeso.keys import refuse_wrong_keys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "perkeso.settings")

app = Celery("perkeso", task_cls="foundation.clock:ClockedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="jobs")


@worker_init.connect
@beat_init.connect
def refuse_to_start(**_facts: Any) -> None:
    """Neither works with wrong keys: what they wrote could not be read, or found."""
    refuse_wrong_keys()
