"""`manage.py` works on the copy that `make run` made; elsewhere the environment says everything."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from development.data_folder import in_use
from development.keys import make_keys, read_secrets
from development.variables import settings_variables
from development.with_keys import of_this_copy

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A data folder with keys."""
    folder = tmp_path_factory.mktemp("data")
    make_keys(folder / "keys")
    return folder


def check(data_dir):
    """`manage.py check`, told of nothing but the data folder."""
    environment = {name: os.environ[name] for name in os.environ.keys() - settings_variables()}
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=environment | {"DATA_DIR": str(data_dir)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_command_finds_the_keys_of_its_copy(copy):
    done = check(copy)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_without_a_copy_it_says_what_is_missing_and_makes_nothing(tmp_path):
    done = check(tmp_path)
    assert done.returncode == 1
    assert "FIELD_KEYS is not set" in done.stderr
    assert list(tmp_path.rglob("*")) == []


def test_keys_of_the_environment_come_first(copy):
    told = of_this_copy({"DATA_DIR": str(copy), "FIELD_KEYS": "2:production"})
    assert told["FIELD_KEYS"] == "2:production"
    assert told["INDEX_KEY"] == read_secrets(copy / "keys")["INDEX_KEY"]


def test_a_running_copys_servers_are_used(copy):
    with in_use(copy) as note:
        note({"DATABASE_URL": "postgres:///here"})
        assert of_this_copy({"DATA_DIR": str(copy)})["DATABASE_URL"] == "postgres:///here"
    assert "DATABASE_URL" not in of_this_copy({"DATA_DIR": str(copy)})
