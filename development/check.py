"""`make test` and `make proof`: runs every check, each one timed, and fails if one of them does."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from development.stack import ROOT

BIN = Path(sys.executable).parent
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
PACKAGES = [
    "perkeso",
    "staff",
    "foundation",
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


def tests() -> list[str]:
    """The tests, two at a time."""
    return ["pytest", "-q", "-n", "2", "-m", "not journey and not proof"]


def journeys() -> list[str]:
    """The browser journeys, one by one; they wait more than they work, so tests run meanwhile."""
    return ["pytest", "-q", "-m", "journey and not proof"]


def proofs() -> list[list[str]]:
    """What takes longer than a person waits for; pytest fails if it finds nothing to run.

    Three at a time on two cores: many of them wait for a clock, a bank or a browser.
    """
    return [["pytest", "-q", "-n", "3", "--dist", "worksteal", "-m", "proof"]]


def passes(command: list[str], *, beside: bool = False) -> bool:
    """Runs one check and tells how long it took; `beside` another, it speaks once it has ended."""
    began = time.monotonic()
    if not beside:
        _announce(command)
    kept = subprocess.PIPE if beside else None
    program = [str(BIN / command[0]), *command[1:]]
    # Where no bytecode is kept, each of the many processes that tests start would compile all anew.
    environment = {name: os.environ[name] for name in os.environ.keys() - {NO_BYTECODE}}
    done = subprocess.run(
        program, cwd=ROOT, env=environment, check=False, stdout=kept, stderr=kept, text=True
    )
    if beside:
        _announce(command)
        print(done.stdout, done.stderr, sep="")
    seconds = time.monotonic() - began
    print(f"--- {'FAILED' if done.returncode else 'passed'} in {seconds:.1f} s", flush=True)
    return done.returncode == 0


def _announce(command: list[str]) -> None:
    words = " ".join(command)
    print(f"--- {words if len(words) < 100 else command[0]}", flush=True)


def run_all(*, proof: bool) -> list[str]:
    """Runs them all, so that one run shows everything that is wrong; names those that failed."""
    if proof:
        return [command[0] for command in proofs() if not passes(command)]
    failed = [command[0] for command in quick_checks() if not passes(command)]
    with ThreadPoolExecutor(1) as side:
        walked = side.submit(passes, journeys(), beside=True)
        failed += [] if passes(tests()) else ["tests"]
        failed += [] if walked.result() else ["journeys"]
    return failed


def main(arguments: list[str]) -> int:
    """1 when a check fails."""
    if failed := run_all(proof="--proof" in arguments):
        print(f"Failed: {', '.join(failed)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
