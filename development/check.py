"""`make test` and `make proof`: runs every check, each one timed, and fails if one of them does."""

import subprocess
import sys
import time
from pathlib import Path

from development.stack import ROOT

BIN = Path(sys.executable).parent
PACKAGES = [
    "perkeso",
    "accounts",
    "registration",
    "contributions",
    "receipts",
    "payments",
    "sandbox",
    "development",
]


def quick_checks() -> list[list[str]]:
    """What reads the code without running it."""
    templates = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("templates/**/*.html"))
    return [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["djade", "--check", *templates],
        ["mypy", *PACKAGES],
        ["lint-imports"],
    ]


def tests() -> list[list[str]]:
    """The tests, two at a time; then the browser journeys, whose lengths differ much."""
    return [
        ["pytest", "-q", "-n", "2", "-m", "not journey and not proof"],
        ["pytest", "-q", "-n", "2", "--dist", "worksteal", "-m", "journey and not proof"],
    ]


def proofs() -> list[list[str]]:
    """What takes longer than a person waits for; pytest fails if it finds nothing to run."""
    return [["pytest", "-q", "-n", "2", "--dist", "worksteal", "-m", "proof"]]


def passes(command: list[str]) -> bool:
    """Runs one check and tells how long it took."""
    words = " ".join(command)
    print(f"--- {words if len(words) < 100 else command[0]}", flush=True)
    began = time.monotonic()
    status = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, check=False).returncode
    seconds = time.monotonic() - began
    print(f"--- {'FAILED' if status else 'passed'} in {seconds:.1f} s", flush=True)
    return status == 0


def main(arguments: list[str]) -> int:
    """Runs them all, so that one run shows everything that is wrong."""
    commands = proofs() if "--proof" in arguments else [*quick_checks(), *tests()]
    failed = [command[0] for command in commands if not passes(command)]
    if failed:
        print(f"Failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
