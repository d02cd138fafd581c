"""`manage.py load_plans`: the scheme's plans and their rates, safe to run again."""

from typing import Any

from django.core.management.base import BaseCommand

from contributions.services import plans


class Command(BaseCommand):
    """Writes the plans and rates that are missing."""

    help = "Writes the scheme's plans and rates where there are none; edited ones stay."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{plans.load_plans()} rates loaded")
