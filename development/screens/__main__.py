"""Takes the pictures of a portal of its own, so that they show it as it is now."""

import os
import tempfile
from pathlib import Path

from development.stack import free_ports, running_stack


def main() -> None:
    """Starts a whole portal on free ports, takes the pictures, and stops it."""
    with tempfile.TemporaryDirectory(prefix="screens-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)  # the servers' user passes through
        environment = {"PATH": os.environ["PATH"], "DATA_DIR": folder, **free_ports()}
        with running_stack(environment, durable=False) as stack:
            os.environ.update(stack.environment | {"LOG_LEVEL": "WARNING"})
            from development.screens.pictures import take_all  # noqa: PLC0415 (needs its settings)

            for file in take_all():
                print(file, flush=True)


if __name__ == "__main__":
    main()
