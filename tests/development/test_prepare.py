"""What a copy is given before it starts."""

import os

import pytest

from development import prepare
from development.prepare import collect_static_files


@pytest.fixture
def collected(settings, tmp_path, monkeypatch):
    """A static folder of one file, and the commands that were called."""
    settings.STATICFILES_DIRS = [tmp_path / "static"]
    settings.STATIC_ROOT = str(tmp_path / "collected")
    for folder in ["static", "collected"]:
        (tmp_path / folder).mkdir()
    (tmp_path / "static" / "page.css").write_text("body {}")
    calls = []
    monkeypatch.setattr(prepare, "call_command", lambda name, **options: calls.append(name))
    return calls


def test_static_files_are_collected_once(collected):
    collect_static_files()
    collect_static_files()
    assert collected == ["collectstatic"]


def test_a_changed_static_file_is_collected_anew(collected, tmp_path):
    collect_static_files()
    os.utime(tmp_path / "static" / "page.css", (0, 0))
    collect_static_files()
    assert collected == ["collectstatic"] * 2


def test_an_added_static_file_is_collected_too(collected, tmp_path):
    collect_static_files()
    (tmp_path / "static" / "more.css").touch()
    collect_static_files()
    assert collected == ["collectstatic"] * 2


def test_the_officers_log_in_is_kept_secret(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    (tmp_path / "keys").mkdir()
    monkeypatch.setattr(
        prepare, "call_command", lambda name, stdout: stdout.write(f"made by {name}\n")
    )
    prepare.make_officers()
    kept = tmp_path / "keys" / "officer.txt"
    assert kept.read_text() == "made by development_officer\n"
    assert kept.stat().st_mode & 0o777 == 0o600
