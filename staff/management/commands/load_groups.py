"""`manage.py load_groups`: the officers' groups and what they may do, safe to run again."""

from typing import Any

from django.core.management.base import BaseCommand

from staff.groups import load_groups


class Command(BaseCommand):
    """Makes every group have what `staff/groups.py` says."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_groups()} permissions loaded")
