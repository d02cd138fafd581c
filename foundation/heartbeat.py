"""When a part of the portal was last seen at work. The rows are not history: one a part."""

from datetime import datetime

from django.db import models

WORKER = "worker"


class Heartbeat(models.Model):
    """The last moment at which a part told that it lives."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


def beat(name: str, *, at: datetime) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": at})


def last_beat(name: str) -> datetime | None:
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
