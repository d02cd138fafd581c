"""Runs a command with a copy's own secrets: `python -m development.with_keys gunicorn ...`.

For containers, where the keys lie on a volume; secrets of the environment come first.
"""

import os
import sys
from pathlib import Path

from development.keys import read_secrets


def main(command: list[str]) -> None:
    """Becomes `command`."""
    keys = Path(os.environ["DATA_DIR"]) / "keys"
    os.execvpe(command[0], command, {**read_secrets(keys), **os.environ})


if __name__ == "__main__":
    main(sys.argv[1:])
