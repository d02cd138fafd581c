"""Programs that run together: each logs to its own file, all stop together."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
PATIENCE_SECONDS = 60
LAST_LINES = 15


class SetUpError(Exception):
    """Something that a person must mend first, in one sentence."""


class Ended(Exception):
    """A program that should run on has ended."""


class Program:
    """One program, out of reach of the terminal's Ctrl-C so that we decide when it stops."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        log: Path,
        *,
        environment: Mapping[str, str],
        user: pwd.struct_passwd | None = None,
        folder: Path | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name = name
        self.log = log
        self._stop_signal = stop_signal
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [str(part) for part in command],
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                preexec_fn=_dies_with_us(stop_signal),
                user=user and user.pw_uid,
                group=user and user.pw_gid,
                extra_groups=[] if user else None,
            )

    def wait_until(self, is_ready: Callable[[], bool]) -> None:
        """Waits until the program answers; raises `SetUpError` if it ends or stays silent."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SetUpError(f"{self.name} did not start: {self.last_words()}")
            time.sleep(0.02)

    def check(self) -> None:
        """Raises `Ended` if the program no longer runs."""
        if self.process.poll() is not None:
            raise Ended(f"{self.name} ended ({self.process.returncode}): {self.last_words()}")

    def last_words(self) -> str:
        """Where the log is, and how it ends."""
        lines = self.log.read_text(errors="replace").splitlines()[-LAST_LINES:]
        return "\n".join([f"see {self.log}, which ends", *lines])

    def ask_to_stop(self) -> None:
        """Tells it to finish what it is at."""
        if self.process.poll() is None:
            self.process.send_signal(self._stop_signal)

    def stop(self, patience_seconds: float = 15) -> None:
        """Ends it, gently if it can; its children with it."""
        self.ask_to_stop()
        try:
            self.process.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def _dies_with_us(stop_signal: signal.Signals) -> Callable[[], None] | None:
    """Asks Linux to stop the program if we are killed ourselves, so that none is left behind."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, stop_signal)
