"""Programs that are started, watched and stopped."""

import os
import signal
import subprocess
import sys
import time

import pytest

from development.processes import Ended, Program, SetUpError


@pytest.fixture
def start(tmp_path):
    programs = []

    def start_one(code):
        program = Program(
            "clerk", [sys.executable, "-c", code], tmp_path / "clerk.log", environment=os.environ
        )
        programs.append(program)
        return program

    yield start_one
    for program in programs:
        program.stop()


def is_gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def wait_for(happens):
    deadline = time.monotonic() + 10
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_program_that_ends_is_told_with_its_last_words(start):
    program = start("print('out of ink'); raise SystemExit(3)")
    program.process.wait()
    with pytest.raises(Ended, match=r"clerk ended \(3\)[^$]*out of ink"):
        program.check()


def test_a_program_that_cannot_start_is_told(start):
    with pytest.raises(SetUpError, match="clerk did not start"):
        start("raise SystemExit(1)").wait_until(lambda: False)


def test_stop_ends_one_that_does_not_listen(start, tmp_path):
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True);"
    program = start(deaf + "time.sleep(60)")
    wait_for(lambda: (tmp_path / "clerk.log").read_text())
    program.stop(patience_seconds=0.1)
    assert program.process.returncode == -signal.SIGKILL


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells children")
def test_a_program_does_not_outlive_us(tmp_path):
    us = (
        "import os, pathlib, time; from development.processes import Program;"
        "p = Program('clerk', ['sleep', '60'], pathlib.Path('clerk.log'), environment=os.environ);"
        "print(p.process.pid, flush=True); time.sleep(60)"
    )
    root = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
    parent = subprocess.Popen(
        [sys.executable, "-c", us],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": root},
        stdout=subprocess.PIPE,
    )
    with parent:
        pid = int(parent.stdout.readline())
        parent.kill()
    wait_for(lambda: is_gone(pid))
