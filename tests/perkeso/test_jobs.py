"""The table of what the clock starts."""

import pytest

from payments.services import banks
from perkeso.celery import app
from perkeso.jobs import JOBS


def test_the_clock_starts_all_of_the_table_and_nothing_else():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} == {
        job.name for job in JOBS
    }


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_the_clock_may_send_it_without_arguments(job, monkeypatch):
    sent = []
    monkeypatch.setattr(app, "send_task", lambda name, *_call, **_options: sent.append(name))
    app.tasks[job.name].apply_async()
    assert sent == [job.name]


@pytest.mark.django_db
@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_a_worker_runs_every_job_in_an_empty_portal(job, settings, tmp_path, monkeypatch):
    """Each service takes the moment, and nothing else."""
    settings.SETTLEMENT_INBOX = str(tmp_path)
    monkeypatch.setattr(banks.gateway, "list_channels", lambda **_when: {})
    app.tasks[job.name].apply(throw=True)
