"""`make run`: the portal and its outside world on this machine, until Ctrl-C."""

import signal
import sys
import time
from types import FrameType

from development.processes import Ended, SetUpError
from development.stack import Stack, running_stack

STOPPED, FAILED, NOT_SET_UP = 0, 1, 2


class Stop(BaseException):
    """Somebody asked us to stop."""


def say(line: str) -> None:
    """Prints a line at once, whoever reads it."""
    print(line, flush=True)


def tell_where_to_go(stack: Stack) -> None:
    """Prints the addresses, the officer's log-in and where the logs are."""
    staff = f"{stack.portal_url}/{stack.environment.get('STAFF_PATH', 'staf/')}"
    officer = stack.data_dir / "keys" / "officer.txt"
    log_in = officer.read_text().splitlines() if officer.exists() else []
    lines = [
        "",
        f"  Portal         {stack.portal_url}/",
        f"  Outside world  {stack.sandbox_url}/  (bank, SMS, mail, scenarios)",
        f"  Staff desk     {staff}",
        *(f"                 {line}" for line in log_in),
        f"  Logs           {stack.data_dir / 'log'}",
        "",
        "Ctrl-C stops everything.",
    ]
    say("\n".join(lines))


def stay(stack: Stack) -> int:
    """Watches over the programs; tells when one of them ends."""
    try:
        while True:
            stack.check()
            time.sleep(0.5)
    except Ended as error:
        print(error, file=sys.stderr)
        return FAILED


def stop(number: int, frame: FrameType | None) -> None:
    """Turns the first signal into an orderly end; more of them change nothing."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    raise Stop


def main() -> int:
    """Runs until asked to stop; returns the exit status."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, stop)
    try:
        with running_stack(say=say) as stack:
            tell_where_to_go(stack)
            return stay(stack)
    except Stop:
        say("Stopped.")
        return STOPPED
    except SetUpError as error:
        print(error, file=sys.stderr)
        return NOT_SET_UP


if __name__ == "__main__":
    sys.exit(main())
