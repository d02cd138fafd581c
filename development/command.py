"""Runs a program on a copy's data: `python -m development.command development.demo_data`.

Uses the servers of a running `make run`; where none runs, starts them for the command alone.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from development.data_folder import noted
from development.processes import SetUpError
from development.stack import ROOT, portal_environment, prepared


def run(words: list[str]) -> int:
    """Runs `python -m` with `words`; returns its exit status. Raises `SetUpError`."""
    data_dir = Path(os.environ.get("DATA_DIR") or ROOT / "var").resolve()
    if places := noted(data_dir):
        return _run_module(words, portal_environment(os.environ, data_dir) | places)
    with prepared() as environment:
        return _run_module(words, environment)


def _run_module(words: list[str], environment: Mapping[str, str]) -> int:
    command = [sys.executable, "-m", *words]
    return subprocess.run(command, cwd=ROOT, env=dict(environment), check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(run(sys.argv[1:]))
    except SetUpError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
