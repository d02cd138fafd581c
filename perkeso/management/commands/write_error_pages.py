"""`manage.py write_error_pages FOLDER`: what the proxy shows while the portal cannot answer."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.template.loader import render_to_string

# Those that ask nothing of what may be broken.
PAGES = ("413.html", "503.html")


class Command(BaseCommand):
    """Writes the portal's own pages, so that nobody sees the proxy's."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        """Makes the folder where there is none."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in PAGES:
            (folder / name).write_text(render_to_string(name))
