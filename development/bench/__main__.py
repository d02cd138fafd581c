"""Runs every measurement against a portal of its own and prints one table.

Client, web server and database share the machine: ratios and CPU milliseconds are what to trust.
"""

import os
import tempfile
from pathlib import Path

from development.stack import free_ports, running_stack


def main() -> None:
    """Starts a whole portal on free ports, measures, and stops it."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)  # the servers' user passes through
        environment = {"PATH": os.environ["PATH"], "DATA_DIR": folder, **free_ports()}
        with running_stack(environment, say=lambda line: print(line, flush=True)) as stack:
            os.environ.update(stack.environment)
            from development.bench.measures import measure_all  # noqa: PLC0415 (needs its settings)

            for line in measure_all(stack):
                print(line, flush=True)


if __name__ == "__main__":
    main()
