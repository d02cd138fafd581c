"""Writes the English catalogue anew: `python -m development.words` after words have changed.

Message ids are Malay, so an untranslated one shows Malay on an English page, never the reverse.
"""

import os
from pathlib import Path

import django
import polib
from django.conf import settings
from django.core.management import call_command

IGNORED = [".venv", "var", "sandbox", "tests", "development", "docs"]


def extract(locale_folder: Path) -> Path:
    """Brings `en/LC_MESSAGES/django.po` below `locale_folder` up to date; returns its path."""
    call_command(
        "makemessages",
        locale=["en"],
        ignore_patterns=IGNORED,
        no_location=True,
        no_obsolete=True,
        no_wrap=True,
        verbosity=0,
    )
    return locale_folder / "en" / "LC_MESSAGES" / "django.po"


def compile_catalogue(catalogue: Path) -> None:
    """Writes the .mo beside the .po."""
    polib.pofile(str(catalogue)).save_as_mofile(str(catalogue.with_suffix(".mo")))


def main() -> None:
    """Extracts English, compiles both and tells what is still to be translated."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "perkeso.settings")
    django.setup()
    catalogue = extract(Path(settings.LOCALE_PATHS[0]))
    for folder in Path(settings.LOCALE_PATHS[0]).iterdir():
        compile_catalogue(folder / "LC_MESSAGES" / "django.po")
    entries = polib.pofile(str(catalogue))
    print(f"{len(entries)} messages")
    for entry in (*entries.untranslated_entries(), *entries.fuzzy_entries()):
        print(f"to translate: {entry.msgid}")


if __name__ == "__main__":
    main()
