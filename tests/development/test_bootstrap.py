"""What a person is told whose machine lacks something."""

import os
import shutil
import subprocess
import sys

import pytest

from development.machine import missing_packages
from development.variables import ROOT


@pytest.fixture
def bootstrap(tmp_path):
    """Runs bootstrap.sh of a copy that has no packages yet, with these programs alone."""
    shutil.copytree(ROOT / "development", tmp_path / "copy" / "development")
    for name in ["sh", "dirname", "cat", "cksum", "id"]:
        (tmp_path / name).symlink_to(shutil.which(name))

    def run(machine=None):
        if machine:
            (tmp_path / "python3").write_text(f"#!/bin/sh\necho {machine}\n")
            (tmp_path / "python3").chmod(0o755)
        command = [tmp_path / "copy" / "development" / "bootstrap.sh", "test"]
        environment = {**os.environ, "PATH": str(tmp_path)}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    return run


def test_a_missing_package_is_named_where_it_cannot_be_installed(bootstrap):
    result = bootstrap("3.11.2 libpango-1.0-0 python3-venv")
    assert result.returncode == 2
    assert result.stderr == (
        "Install these packages, then try again: apt-get install libpango-1.0-0 python3-venv\n"
    )


def test_a_missing_python_is_named(bootstrap):
    result = bootstrap()
    assert result.returncode == 2
    assert result.stderr.startswith("Install Python 3.11, 3.12, 3.13 or 3.14")


def test_this_machine_lacks_nothing():
    assert missing_packages(for_tests=True) == []


def test_what_is_not_there_is_missing(monkeypatch):
    monkeypatch.setattr("development.machine.LIBRARIES", {"libnothing.so.9": "libnothing9"})
    monkeypatch.setattr("development.machine.PROGRAMS", {"no-such-program": "nothing"})
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    expected = ["libnothing9", "python3-venv"] if sys.platform == "linux" else ["python3-venv"]
    assert missing_packages(for_tests=False) == expected
    assert "nothing" in missing_packages(for_tests=True)
