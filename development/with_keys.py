"""Runs a command with a copy's own secrets: `python -m development.with_keys gunicorn ...`.

For containers, where the keys lie on a volume; secrets of the environment come first.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from development.data_folder import noted
from development.keys import read_secrets
from development.stack import ROOT


def of_this_copy(environment: Mapping[str, str]) -> dict[str, str]:
    """What a copy's data folder adds: its secrets and, while it runs, where its servers are.

    The environment comes first, and nothing is made: without a copy all stays as it is.
    """
    data_dir = Path(environment.get("DATA_DIR") or ROOT / "var")
    has_secrets = (data_dir / "keys" / "secrets.env").exists()
    secrets = read_secrets(data_dir / "keys") if has_secrets else {}
    return {**secrets, **noted(data_dir), **environment}


def main(command: list[str]) -> None:
    """Becomes `command`."""
    keys = Path(os.environ["DATA_DIR"]) / "keys"
    os.execvpe(command[0], command, {**read_secrets(keys), **os.environ})


if __name__ == "__main__":
    main(sys.argv[1:])
