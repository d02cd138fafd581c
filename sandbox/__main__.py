"""Starts the outside world: `python -m sandbox` serves pages and mail until it is stopped."""

import os
import runpy
import sys
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connections

from sandbox import settings

NOT_SET_UP = 2


def missing_settings() -> list[str]:
    """What the environment lacks, one sentence each."""
    files = {
        "SELLER_CERTIFICATE": settings.SELLER_CERTIFICATE,
        "FPX_PRIVATE_KEY": settings.FPX_PRIVATE_KEY,
    }
    sentences = [
        f"{name} names {file}, which is not there."
        for name, file in files.items()
        if not Path(file).is_file()
    ]
    return sentences if settings.SMS_KEY else [*sentences, "SMS_KEY is not set."]


def main() -> int:
    """Prepares the store and serves; returns the exit status when it cannot."""
    # Not `setdefault`: whoever starts us may have the portal's settings in the environment.
    os.environ["DJANGO_SETTINGS_MODULE"] = "sandbox.settings"
    django.setup()
    if sentences := missing_settings():
        print(*sentences, sep="\n", file=sys.stderr)
        return NOT_SET_UP
    settings.STORE_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
    call_command("migrate", interactive=False, verbosity=0)
    # gunicorn forks, and a connection must not be shared by two processes.
    connections.close_all()
    sys.argv = ["gunicorn", "sandbox.wsgi", "--config", "python:sandbox.web_server"]
    runpy.run_module("gunicorn", run_name="__main__", alter_sys=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
