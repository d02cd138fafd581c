"""The production containers, held against the code without an engine to run them."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
import yaml
from compose_spec import PyCompose
from gunicorn.config import Config

from development.variables import ROOT, settings_variables

SOURCE = (ROOT / "deploy" / "compose.yml").read_text()
COMPOSE = yaml.safe_load(SOURCE)
SERVICES = COMPOSE["services"]
PORTAL = {name: each for name, each in SERVICES.items() if each.get("image") == "perkeso-portal"}
DOCKERFILE = (ROOT / "Dockerfile").read_text()
# Read by boto3, not by the settings.
STORAGE_KEYS = {"AWS_SHARED_CREDENTIALS_FILE"}


def copied(target):
    """What the Dockerfile copies from the checkout into an image."""
    [stage] = re.findall(rf"AS {target}\n(.*?)(?=\nFROM |\Z)", DOCKERFILE, re.DOTALL)
    lines = re.findall(r"^COPY (?!--from)(.+) \S+$", stage, re.MULTILINE)
    return [name for line in lines for name in line.split()]


def test_the_file_follows_the_compose_specification():
    plain = {name: part for name, part in COMPOSE.items() if not name.startswith("x-")}
    PyCompose.from_json(json.dumps(plain)).validate()


def test_nothing_of_development_is_in_it():
    assert not re.search(
        r"sandbox|outside|with_keys|development|FAST_HASHER|DEBUG", SOURCE.partition("\n\n")[2]
    )
    assert not {"development", "sandbox", "tests"} & set(copied("portal"))


@pytest.mark.parametrize("name", sorted(PORTAL))
def test_every_variable_is_read_by_the_code(name):
    reads = settings_variables() | STORAGE_KEYS
    for variable in PORTAL[name]["environment"]:
        assert variable in reads or variable.removesuffix("_FILE") in reads


@pytest.mark.parametrize("name", sorted(PORTAL))
def test_every_secret_that_is_read_is_given(name):
    given = {f"/run/secrets/{secret}" for secret in PORTAL[name]["secrets"]}
    read = {
        value for value in PORTAL[name]["environment"].values() if value.startswith("/run/secrets/")
    }
    optional = {"migrate"}  # which signs, sends and stores nothing
    assert given <= read
    assert name in optional or given == read


def test_secrets_stand_in_no_file_of_the_repository():
    every = {secret for each in SERVICES.values() for secret in each.get("secrets", [])}
    assert every == set(COMPOSE["secrets"])
    assert {secret["file"] for secret in COMPOSE["secrets"].values()} == {
        f"./secrets/{name}" for name in every
    }
    for ignored in ("secrets/x", "portal.env", "fpx/x"):
        command = ["git", "check-ignore", "-q", f"deploy/{ignored}"]
        assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_each_service_may_do_little_and_says_when_it_is_ill(name):
    service = SERVICES[name]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "mem_limit" in service
    assert service["logging"]["options"]["max-size"]
    if name != "database":  # its image changes its user itself, and writes where it likes
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
    works_by_itself = {"migrate", "urgent", "worker", "reader", "beat"}
    assert "healthcheck" in service or name in works_by_itself


def test_only_the_proxy_is_reached_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["inside"]["internal"]
    for name in ("database", "broker", "storage"):
        assert SERVICES[name]["networks"] == ["inside"]


def test_no_queue_is_forgotten(settings):
    words = [str(word) for each in SERVICES.values() for word in each.get("command", [])]
    lists = [word.partition("=")[2] for word in words if word.startswith("--queues")]
    named = [name for each in lists for name in each.split(",")]
    assert sorted(named) == sorted(queue.name for queue in settings.CELERY_TASK_QUEUES)


def test_gunicorn_knows_its_options():
    options = Config().parser().parse_args(SERVICES["web"]["command"][1:])
    assert options.args == ["perkeso.wsgi"]


def test_the_images_folders_are_enough_to_serve(tmp_path):
    """The portal starts, and writes its pages, where nothing else of the checkout lies."""
    start = "import perkeso.wsgi, perkeso.celery as c; c.app.loader.import_default_modules()"
    for name in set(copied("portal")) - {"requirements.txt"}:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    here = os.environ | {"STATIC_ROOT": str(tmp_path / "static_root"), "HASHED_STATIC": "1"}
    for command in (
        ["manage.py", "collectstatic", "--no-input"],
        ["manage.py", "write_error_pages", "pages"],
        ["-c", start],
    ):
        run = [sys.executable, *command]
        done = subprocess.run(
            run, cwd=tmp_path, env=here, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    page = (tmp_path / "pages" / "503.html").read_text()
    assert re.search(r"/static/css/portal\.[0-9a-f]{12}\.css", page)
