"""The containers, held against the code without an engine to run them."""

import json
import re
import shlex
import shutil
import sysconfig
from importlib.util import find_spec

import pytest
import yaml
from celery.bin.celery import celery
from compose_spec import PyCompose
from django.core.management import get_commands
from gunicorn.config import Config

from development import stack
from development.machine import LIBRARIES
from development.variables import ROOT, sandbox_variables, settings_variables

_DEFAULT = re.compile(r"\$\{\w+:-([^}]*)\}")
SOURCE = _DEFAULT.sub(r"\1", (ROOT / "docker-compose.yml").read_text())
COMPOSE = yaml.safe_load(SOURCE)
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
DOCKERFILE = (ROOT / "Dockerfile").read_text()
# Read by boto3, not by the settings.
STORAGE_KEYS = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}


def commands_of(command):
    """The commands in a service's command: what a wrapper wraps, and a shell's parts."""
    command = [str(word) for word in command]
    if command[1:3] == ["-m", "development.with_keys"]:
        return [command[:3], *commands_of(command[3:])]
    if command[:2] == ["sh", "-c"]:
        return [shlex.split(part) for part in command[2].split("&&")]
    return [command]


COMMANDS = [
    pytest.param(command, id=f"{name}-{' '.join(command)[:40]}")
    for name, service in OURS.items()
    for command in commands_of(service["command"])
]


def test_the_file_follows_the_compose_specification():
    plain = {name: part for name, part in COMPOSE.items() if not name.startswith("x-")}
    PyCompose.from_json(json.dumps(plain)).validate()


def test_the_specification_is_really_held():
    with pytest.raises(ValueError, match="comand"):
        PyCompose.from_json('{"services": {"web": {"image": "web", "comand": "x"}}}')


def test_the_parts_are_all_there():
    assert set(SERVICES) == {
        "keys",
        "migrate",
        "web",
        "worker",
        "reader",
        "beat",
        "outside",
        "database",
        "broker",
        "storage",
        "scanner",
    }
    assert "name" not in COMPOSE


def test_the_scanner_comes_only_when_asked_for():
    assert SERVICES["scanner"]["profiles"] == ["scanner"]
    assert not SERVICES["worker"]["environment"]["CLAMAV_URL"]
    assert "scanner" not in SERVICES["worker"]["depends_on"]


def test_images_are_named_without_a_registrys_address():
    named = [service["image"] for service in SERVICES.values() if "image" in service]
    named += re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert [name for name in named if "." in name.partition("/")[0] and "/" in name] == []


def test_what_a_service_waits_for_exists():
    for service in SERVICES.values():
        for other, wish in service.get("depends_on", {}).items():
            if wish["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[other]
        assert service.get("network_mode", "service:web").removeprefix("service:") in SERVICES


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_variable_is_read_by_the_code(name):
    reads = sandbox_variables() if name == "outside" else settings_variables() | STORAGE_KEYS
    assert set(OURS[name].get("environment", {})) <= reads


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_exists(command):
    program, *words = command
    if program == "python" and words[0] == "-m":
        assert find_spec(words[1])
    elif program == "python":
        assert words[0] == "manage.py"
        assert words[1] in get_commands()
    else:
        assert shutil.which(program, path=sysconfig.get_path("scripts"))


def options_of(service, program):
    (command,) = [c for c in commands_of(SERVICES[service]["command"]) if c[0] == program]
    return command[1:]


def test_gunicorn_knows_its_options():
    options = Config().parser().parse_args(options_of("web", "gunicorn"))
    assert options.args == ["perkeso.wsgi"]
    assert find_spec(options.config.removeprefix("python:"))


@pytest.mark.parametrize(
    ("name", "program"), [("worker", "worker"), ("reader", "worker"), ("beat", "beat")]
)
def test_celery_knows_its_options(name, program):
    app, command, *options = options_of(name, "celery")
    assert find_spec(app.removeprefix("--app="))
    assert command == program
    known = {option for each in celery.commands[program].params for option in each.opts}
    assert {option.partition("=")[0] for option in options} <= known


def queues_of(options):
    """The queues that a worker's command names."""
    [named] = [option for option in options if option.startswith("--queues")]
    return set(named.partition("=")[2].split(","))


def test_files_have_a_worker_of_their_own_and_no_queue_is_forgotten(settings):
    every = {queue.name for queue in settings.CELERY_TASK_QUEUES}
    worker, reader = (queues_of(options_of(name, "celery")) for name in ("worker", "reader"))
    assert (reader, worker) == ({"files"}, every - {"files"})
    copy = stack.Stack({"DATA_DIR": "x", "PORTAL_URL": "x", "SANDBOX_PORT": "1"})
    for name, queues in (("worker", worker), ("reader", reader)):
        command, _more, _address = stack.PROGRAMS[name](copy)
        assert set(command[command.index("--queues") + 1].split(",")) == queues


def test_the_image_has_what_weasyprint_needs():
    for package in set(LIBRARIES.values()):
        assert package in DOCKERFILE


def test_the_image_copies_what_exists():
    for source in re.findall(r"^COPY (?!--from)(\S+) ", DOCKERFILE, re.MULTILINE):
        assert (ROOT / source).exists()


def test_the_built_targets_exist():
    targets = set(re.findall(r"^FROM \S+ AS (\w+)$", DOCKERFILE, re.MULTILINE))
    assert {service["build"]["target"] for service in OURS.values()} <= targets
