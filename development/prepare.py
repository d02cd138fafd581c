"""Brings a copy's database and static files up to date: `python -m development.prepare`."""

import os
from io import StringIO
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command, get_commands

from development.keys import write_secret

# What every copy has, and migrations do not hold.
REFERENCE_DATA = ["load_plans", "load_document_rules", "load_groups"]


def load_reference_data() -> None:
    """Loads plans and rules, where those that are there stay as they are, and officers' groups."""
    for command in REFERENCE_DATA:
        if command in get_commands():
            call_command(command, stdout=StringIO())


def collect_static_files() -> None:
    """Collects them anew if one has changed since the last time."""
    mark = Path(settings.STATIC_ROOT) / "fingerprint.txt"
    fingerprint = _fingerprint()
    if not mark.exists() or mark.read_text() != fingerprint:
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        mark.write_text(fingerprint)


def _fingerprint() -> str:
    """Changes when a static file of ours does, or Django's."""
    files = [file for folder in settings.STATICFILES_DIRS for file in Path(folder).rglob("*")]
    marks = [f"{file} {file.stat().st_mtime_ns}" for file in sorted(files)]
    return "\n".join([django.__version__, *marks])


def make_officers() -> None:
    """Makes the officers of development copies; what they log in with is kept beside the keys."""
    if "development_officer" in get_commands():
        words = StringIO()
        call_command("development_officer", stdout=words)
        if words.getvalue():
            write_secret(settings.DATA_DIR / "keys" / "officer.txt", words.getvalue().encode())


def main() -> None:
    """Does all of it, in one process because each takes a second to start."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "perkeso.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=1)
    load_reference_data()
    make_officers()
    collect_static_files()


if __name__ == "__main__":
    main()
