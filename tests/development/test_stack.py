"""The environment in which a copy runs, and the commands that people type."""

import re
import socket

import pytest

from development import stack
from development.keys import make_keys
from development.processes import SetUpError
from development.variables import ROOT, sandbox_variables, settings_variables


@pytest.fixture
def environment(tmp_path):
    make_keys(tmp_path / "keys")
    return lambda **given: stack.portal_environment(given, tmp_path)


def test_the_defaults_need_nothing(environment, tmp_path):
    whole = environment()
    assert whole["PORTAL_URL"] == "http://127.0.0.1:8000"
    assert [whole[name] for name in stack.PORTS] == ["8000", "8100", "1025"]
    assert whole["DATA_DIR"] == str(tmp_path)


def test_what_is_given_wins(environment):
    whole = environment(PORT="8200", SECRET_KEY="given")
    assert whole["PORTAL_URL"] == "http://127.0.0.1:8200"
    assert whole["SECRET_KEY"] == "given"


def test_the_portal_and_the_outside_world_read_what_is_set(environment):
    read = settings_variables() | sandbox_variables()
    told = set(environment()) - {"DJANGO_SETTINGS_MODULE", "PYTHONUNBUFFERED"}
    assert told <= read
    copy = stack.Stack(environment())
    for program in stack.PROGRAMS.values():
        assert set(program(copy)[1]) <= read


@pytest.mark.enable_socket
def test_a_taken_port_is_told():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ports = {"PORT": "1", "SANDBOX_PORT": "2", "SMTP_PORT": port}
        with (
            pytest.raises(SetUpError, match=f"Port {port} is taken: set SMTP_PORT"),
            stack.running_stack(ports),
        ):
            pass


def test_the_lock_files_name_no_address():
    locks = [*ROOT.glob("requirements*.txt"), *ROOT.glob("*/requirements.txt")]
    for lock in [*locks, ROOT / "development" / "uv.txt"]:
        assert "://" not in lock.read_text()
        assert "--hash=sha256:" in lock.read_text()
    assert not list(ROOT.glob("*.lock"))


def test_the_readme_names_every_command():
    commands = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    readme = (ROOT / "README.md").read_text()
    assert [command for command in commands if f"make {command}" not in readme] == []
