"""The machine's Chromium, as tests and screenshots start it."""

import shutil

from development.processes import SetUpError

PROGRAMS = ["chromium", "chromium-browser", "google-chrome"]
# It must not sandbox itself when root, nor call home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def program() -> str:
    """Where it is; raises `SetUpError` when there is none."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        raise SetUpError("Install chromium.")
    return found
