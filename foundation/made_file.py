"""A file that a worker makes for one person, and that lives for a day."""

import uuid
from datetime import datetime, timedelta
from typing import Self, TypeVar

from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q

LIFE = timedelta(hours=24)
Made = TypeVar("Made", bound="MadeFile")


class MadeFileQuerySet(models.QuerySet[Made]):
    """Filters over such files."""

    def ended(self, at: datetime) -> Self:
        """Those whose link is dead and whose file still lies there."""
        return self.filter(made_at__lte=at - LIFE).exclude(file="")

    def drop_files(self) -> int:
        """Deletes the files of these rows, which stay; returns how many."""
        rows = list(self.exclude(file=""))
        for row in rows:
            default_storage.delete(str(row.file.name))
            self.filter(pk=row.pk).update(file="")
        return len(rows)


class MadeFile(models.Model):
    """One file in private storage, asked for at `requested_at`; its link lives for a day."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    requested_at = models.DateTimeField()
    file = models.FileField(max_length=120, blank=True)
    made_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(file="") | Q(made_at__isnull=False), name="%(class)s_file_is_made"
            )
        ]

    @property
    def ends_at(self) -> datetime | None:
        """When the link dies; None while the file is being made."""
        return self.made_at and self.made_at + LIFE

    def is_open(self, at: datetime) -> bool:
        """True while its file may be fetched."""
        return self.ends_at is not None and at < self.ends_at and bool(self.file)
