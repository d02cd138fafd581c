"""`manage.py load_document_rules`: the guide's table of documents, safe to run again."""

from typing import Any

from django.core.management.base import BaseCommand

from registration.services import rules


class Command(BaseCommand):
    """Writes the rules that are missing."""

    help = "Writes the guide's document rules where there are none; edited ones stay."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rules.load_document_rules()} document rules loaded")
