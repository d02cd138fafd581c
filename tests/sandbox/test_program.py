"""The program itself: its pages, its start and its end."""

import os
import signal
import subprocess
import sys

import pytest
import requests

from tests.sandbox.world import ROOT, SMS_KEY, start_sandbox

PAGES = ["/", "/senario/", "/fpx/", "/sms/", "/mail/", "/FPXMain/termsAndConditions.jsp"]
TEMPLATES = sorted((ROOT / "sandbox" / "templates").rglob("*.html"))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_strict(world, path):
    page = world.get(path)
    assert page.status_code == 200
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert page.text.count("<h1>") == 1


def test_pages_may_send_forms_only_here_and_back(world, portal):
    policy = world.get("/").headers["Content-Security-Policy"]
    assert f"form-action 'self' http://127.0.0.1:{portal.port} " in policy


def is_small_and_strict(source):
    inline = (" style=", " onclick", "<script>")
    return len(source.splitlines()) <= 120 and not any(part in source for part in inline)


def test_every_template_is_small_and_strict():
    assert TEMPLATES
    assert [path.name for path in TEMPLATES if not is_small_and_strict(path.read_text())] == []


@pytest.mark.parametrize("name", ["sandbox.css", "go_back.js", "icon.svg"])
def test_static_files_are_served(world, name):
    assert world.get(f"/static/{name}").status_code == 200


def test_it_stops_when_asked_and_remembers(socket_enabled, tmp_path, keys):
    for number, already_there in [(signal.SIGTERM, 0), (signal.SIGINT, 1)]:
        process, port, _ = start_sandbox(tmp_path, keys, SMS_KEY)
        with requests.Session() as session:
            session.trust_env = False
            inbox = session.get(f"http://127.0.0.1:{port}/sms/api/inbox", timeout=10).json()
            assert len(inbox["messages"]) == already_there
            sms = {"key": SMS_KEY, "to": "60123456789", "text": "x", "ref": "1"}
            session.post(f"http://127.0.0.1:{port}/sms/api/send", sms, timeout=10)
        process.send_signal(number)
        assert process.wait(10) == 0


def test_it_says_what_it_lacks(tmp_path):
    program = subprocess.run(
        [sys.executable, "-m", "sandbox"],
        cwd=ROOT,
        env=os.environ | {"DATA_DIR": str(tmp_path), "SMS_KEY": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert program.returncode == 2
    assert "FPX_PRIVATE_KEY names" in program.stderr
    assert "SMS_KEY is not set." in program.stderr


def test_its_store_is_up_to_date(tmp_path):
    code = "from django.core.management import call_command as c; import django; django.setup(); "
    program = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code + "c('makemigrations', check=True)"],
        cwd=ROOT,
        env=os.environ | {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "sandbox.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert program.returncode == 0, program.stdout
